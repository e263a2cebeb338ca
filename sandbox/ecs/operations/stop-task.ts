import type { StopTaskRequest, StopTaskResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { findTask, getCluster } from '../identifiers.ts';
import type { Ecs } from '../state.ts';
import { requestStop } from '../tasks/stop.ts';
import { taskView } from '../views/task.ts';

/** SIGTERM, and SIGKILL after the stop timeout; the answer does not wait for it. */
export const stopTask =
  (ecs: Ecs) =>
  (input: StopTaskRequest): StopTaskResponse => {
    const record = findTask(ecs, getCluster(ecs, input.cluster), input.task ?? '');
    if (!record) throw invalidParameter('The referenced task was not found.');
    requestStop(ecs, record, { code: 'UserInitiated', reason: input.reason ?? 'Task stopped by user' });
    return { task: taskView(record) };
  };
