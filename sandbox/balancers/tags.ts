import type { Tag } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';

/** Adds or overwrites tags; the same key twice in one request is an error in both APIs. */
export function mergeTags(into: Map<string, string>, tags: Tag[] = []): void {
  const keys = tags.map((tag) => tag.Key);
  if (new Set(keys).size !== keys.length) {
    throw new AwsError('DuplicateTagKeys', 'A tag key was specified more than once');
  }
  for (const tag of tags) into.set(tag.Key ?? '', tag.Value ?? '');
}

export function listTags(tags: Map<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
