import type {
  AddTagsToResourceMessage,
  ListTagsForResourceMessage,
  Tag,
  TagListMessage,
} from '@aws-sdk/client-rds';
import { findInstance, findSubnetGroup, type RdsState } from '../state.ts';

function taggedBy(state: RdsState, resourceName = ''): { tags: Tag[] } {
  const name = resourceName.split(':').pop();
  return resourceName.includes(':subgrp:') ? findSubnetGroup(state, name) : findInstance(state, name);
}

export function addTagsToResource(state: RdsState) {
  return (input: AddTagsToResourceMessage): Record<string, never> => {
    const resource = taggedBy(state, input.ResourceName);
    const added = input.Tags ?? [];
    const kept = resource.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
    resource.tags = [...kept, ...added];
    return {};
  };
}

export function listTagsForResource(state: RdsState) {
  return (input: ListTagsForResourceMessage): TagListMessage => ({
    TagList: taggedBy(state, input.ResourceName).tags,
  });
}
