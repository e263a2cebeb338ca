import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { findCluster, findTaskDefinition } from '../identifiers.ts';
import type { Ecs } from '../state.ts';

export const tagResource = (ecs: Ecs) => (input: TagResourceRequest) => {
  const { read, write } = tagsOf(ecs, input.resourceArn ?? '');
  const given = input.tags ?? [];
  write([...read().filter(({ key }) => !given.some((tag) => tag.key === key)), ...given]);
  return {};
};

export const untagResource = (ecs: Ecs) => (input: UntagResourceRequest) => {
  const { read, write } = tagsOf(ecs, input.resourceArn ?? '');
  write(read().filter(({ key }) => !input.tagKeys?.includes(key ?? '')));
  return {};
};

export const listTagsForResource =
  (ecs: Ecs) =>
  (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
    tags: tagsOf(ecs, input.resourceArn ?? '').read(),
  });

interface Tags {
  read(): Tag[];
  write(tags: Tag[]): void;
}

/** Clusters, services, tasks and task definitions carry tags here. */
function tagsOf(ecs: Ecs, resourceArn: string): Tags {
  const [kind = '', first = '', second = ''] = resourceArn.split(':').slice(5).join(':').split('/');
  const cluster = findCluster(ecs, first);
  const holder = {
    cluster: cluster?.cluster,
    service: cluster?.services.get(second),
    task: cluster?.tasks.get(second)?.task,
    'task-definition': findTaskDefinition(ecs, resourceArn),
  }[kind] as { tags?: Tag[] } | undefined;
  if (!holder) throw invalidParameter('The specified resource was not found.');
  return {
    read: () => holder.tags ?? [],
    write: (tags) => {
      holder.tags = tags;
    },
  };
}
