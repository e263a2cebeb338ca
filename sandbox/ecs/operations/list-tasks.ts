import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { getCluster, getService, isVisible, nameOf } from '../identifiers.ts';
import { paginate } from '../paginate.ts';
import type { Ecs } from '../state.ts';

/** Without `desiredStatus`: the tasks that are to run. */
export const listTasks =
  (ecs: Ecs) =>
  (input: ListTasksRequest): ListTasksResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const {
      startedBy,
      family,
      serviceName,
      containerInstance,
      launchType,
      desiredStatus = 'RUNNING',
    } = input;
    if (startedBy !== undefined && (family ?? serviceName ?? containerInstance ?? launchType) !== undefined) {
      throw invalidParameter('Cannot specify startedBy together with another filter.');
    }
    const service = serviceName === undefined ? undefined : getService(cluster, serviceName);
    const matching = [...cluster.tasks.values()].filter(
      (record) =>
        isVisible(ecs, record) &&
        record.task.desiredStatus === desiredStatus &&
        (startedBy ?? record.task.startedBy) === record.task.startedBy &&
        (family ?? record.definition.family) === record.definition.family &&
        (launchType ?? record.task.launchType) === record.task.launchType &&
        (service === undefined || record.service === service) &&
        (containerInstance === undefined || record.instance?.id === nameOf(containerInstance)),
    );
    const { page, nextToken } = paginate(matching, input);
    return { taskArns: page.map(({ task }) => task.taskArn as string), nextToken };
  };
