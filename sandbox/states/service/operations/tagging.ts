import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-sfn';
import { statesError } from '../errors.ts';
import type { StatesService } from '../service.ts';

function tagsAt({ store }: StatesService, arn: string | undefined): Map<string, string> {
  const machine = store.machines.get(arn ?? '');
  if (machine === undefined) throw statesError('ResourceNotFound', 'Resource not found', arn ?? '');
  return machine.tags;
}

export function listTagsForResource(service: StatesService) {
  return ({ resourceArn }: ListTagsForResourceInput): ListTagsForResourceOutput => ({
    tags: [...tagsAt(service, resourceArn)].map(([key, value]) => ({ key, value })),
  });
}

export function tagResource(service: StatesService) {
  return ({ resourceArn, tags }: TagResourceInput) => {
    const held = tagsAt(service, resourceArn);
    for (const { key, value } of tags ?? []) held.set(key ?? '', value ?? '');
    return {};
  };
}

export function untagResource(service: StatesService) {
  return ({ resourceArn, tagKeys }: UntagResourceInput) => {
    const held = tagsAt(service, resourceArn);
    for (const key of tagKeys ?? []) held.delete(key);
    return {};
  };
}
