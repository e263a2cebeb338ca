import type { Task } from '@aws-sdk/client-ecs';

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/**
 * The task lifecycle of the developer guide. PROVISIONING and DEPROVISIONING belong to the network interface of
 * an awsvpc task, ACTIVATING and DEACTIVATING to the load balancers of a service's task.
 */
const transitions: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  PROVISIONING: ['PENDING', 'STOPPING'],
  PENDING: ['ACTIVATING', 'RUNNING', 'STOPPING'],
  ACTIVATING: ['RUNNING', 'STOPPING'],
  RUNNING: ['DEACTIVATING', 'STOPPING'],
  DEACTIVATING: ['STOPPING'],
  STOPPING: ['DEPROVISIONING', 'STOPPED'],
  DEPROVISIONING: ['STOPPED'],
  STOPPED: [],
};

function statusOf(task: Task): TaskStatus {
  return task.lastStatus as TaskStatus;
}

/** Moves a task on. A step that the table does not have is a mistake of this code, and fails loudly. */
export function move(task: Task, status: TaskStatus): void {
  if (!transitions[statusOf(task)].includes(status)) {
    throw new Error(`A task cannot go from ${task.lastStatus} to ${status}`);
  }
  task.lastStatus = status;
}
