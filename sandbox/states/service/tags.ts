import type { Tag } from '@aws-sdk/client-sfn';

export function tagsOf(tags: Tag[] | undefined): Map<string, string> {
  return new Map((tags ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
}
