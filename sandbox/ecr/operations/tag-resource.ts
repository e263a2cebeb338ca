import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecr';
import type { Registry, Repository } from '../registry.ts';

export function tagResource(registry: Registry) {
  return (input: TagResourceRequest) => {
    const repository = byArn(registry, input.resourceArn);
    const keys = new Set(input.tags?.map(({ Key }) => Key));
    const kept = repository.resourceTags.filter(({ Key }) => !keys.has(Key));
    repository.resourceTags = [...kept, ...(input.tags ?? [])];
    return {};
  };
}

export function untagResource(registry: Registry) {
  return (input: UntagResourceRequest) => {
    const repository = byArn(registry, input.resourceArn);
    repository.resourceTags = repository.resourceTags.filter(
      ({ Key }) => !input.tagKeys?.includes(Key ?? ''),
    );
    return {};
  };
}

export function listTagsForResource(registry: Registry) {
  return (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    tags: byArn(registry, input.resourceArn).resourceTags,
  });
}

const byArn = (registry: Registry, arn = ''): Repository =>
  registry.find(arn.replace(/^.*:repository\//, ''));
