import type { DescribeTasksRequest, DescribeTasksResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { ecsArn, findTask, getCluster, nameOf } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { taskView } from '../views/task.ts';

export const describeTasks =
  (ecs: Ecs) =>
  (input: DescribeTasksRequest): DescribeTasksResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const ids = input.tasks ?? [];
    if (ids.length === 0) throw invalidParameter('Tasks cannot be empty.');
    if (ids.length > 100) throw invalidParameter('Tasks cannot be more than 100.');
    return {
      tasks: ids
        .flatMap((id) => findTask(ecs, cluster, id) ?? [])
        .map((record) => taskView(record, input.include)),
      failures: ids
        .filter((id) => !findTask(ecs, cluster, id))
        .map((id) => ({ arn: ecsArn(ecs, `task/${cluster.name}/${nameOf(id)}`), reason: 'MISSING' })),
    };
  };
