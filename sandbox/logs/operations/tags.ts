import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogStore } from '../store.ts';

export function tagResource(store: LogStore) {
  return (input: TagResourceRequest): Record<string, never> => {
    const { tags } = store.findGroup(input.resourceArn);
    for (const [key, value] of Object.entries(input.tags ?? {})) tags.set(key, value);
    return {};
  };
}

export function untagResource(store: LogStore) {
  return (input: UntagResourceRequest): Record<string, never> => {
    const { tags } = store.findGroup(input.resourceArn);
    for (const key of input.tagKeys ?? []) tags.delete(key);
    return {};
  };
}

export function listTagsForResource(store: LogStore) {
  return (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    tags: Object.fromEntries(store.findGroup(input.resourceArn).tags),
  });
}
