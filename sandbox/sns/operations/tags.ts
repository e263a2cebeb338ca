import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns';
import { findTopic, type SnsState } from '../state.ts';

export function tagResource(state: SnsState) {
  return (input: TagResourceRequest): Record<string, never> => {
    const { tags } = findTopic(state, input.ResourceArn);
    for (const { Key = '', Value = '' } of input.Tags ?? []) tags.set(Key, Value);
    return {};
  };
}

export function untagResource(state: SnsState) {
  return (input: UntagResourceRequest): Record<string, never> => {
    const { tags } = findTopic(state, input.ResourceArn);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  };
}

export function listTagsForResource(state: SnsState) {
  return (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    Tags: [...findTopic(state, input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
  });
}
