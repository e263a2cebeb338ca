import type { TaskDefinition } from '@aws-sdk/client-ecs';

/** Durations of Amazon ECS, each with the value AWS documents or shows. A sandbox for people sets them short. */
export interface EcsOptions {
  /** How often the service scheduler looks at a service that is not steady. */
  tickMilliseconds?: number;
  /** How often it looks at one that is. */
  steadyTickMilliseconds?: number;
  /** Attaching the elastic network interface of an awsvpc task. */
  provisioningMilliseconds?: number;
  /** Pulling the images of a task. */
  pullMilliseconds?: number;
  /** Deleting the network interface of an awsvpc task. */
  deprovisioningMilliseconds?: number;
  /** A RUNNING task with no health check of any kind counts as healthy after this (developer guide: 40 s). */
  healthyAfterMilliseconds?: number;
  /** Wait before a task that ended after RUNNING is replaced. */
  restartMilliseconds?: number;
  /**
   * Wait before the third start of a task that never came to RUNNING, doubled with each further failure.
   * Recorded behaviour: failures at 2m34s, 4m46s and 11m00s for an image that does not exist.
   */
  throttleMilliseconds?: number;
  /** The longest of these waits (developer guide: 15 minutes). */
  throttleMaximumMilliseconds?: number;
  /** A task that cannot be placed is announced, and counted as failed, at most this often. */
  placementRetryMilliseconds?: number;
  /** A steady service says so again after this. */
  steadyRepeatMilliseconds?: number;
  /** Stopped tasks stay visible for an hour. */
  stoppedTaskRetentionMilliseconds?: number;
  /** Time between SIGTERM and SIGKILL where a container names none. */
  stopTimeoutMilliseconds?: number;
  /** A new task is MISSING to DescribeTasks and ListTasks for this long (eventual consistency). */
  consistencyMilliseconds?: number;
  /**
   * What makes failedTasks fall back to 0: a task that turned healthy (as documented for resetOnHealthyTask) or
   * one that reached RUNNING (as it was until 2022).
   */
  failedTasksResetWhen?: 'healthy' | 'running';
  /** Environment variables for every container that does not set them itself: where the sandbox's database is. */
  taskEnvironment?: Record<string, string> | ((definition: TaskDefinition) => Record<string, string>);
}

export type ResolvedEcsOptions = Required<EcsOptions>;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

export const defaultEcsOptions: ResolvedEcsOptions = {
  tickMilliseconds: 250,
  steadyTickMilliseconds: 1 * second,
  provisioningMilliseconds: 10 * second,
  pullMilliseconds: 2 * second,
  deprovisioningMilliseconds: 10 * second,
  healthyAfterMilliseconds: 40 * second,
  restartMilliseconds: 10 * second,
  throttleMilliseconds: 4 * minute,
  throttleMaximumMilliseconds: 15 * minute,
  placementRetryMilliseconds: 30 * second,
  steadyRepeatMilliseconds: 6 * hour,
  stoppedTaskRetentionMilliseconds: 1 * hour,
  stopTimeoutMilliseconds: 30 * second,
  consistencyMilliseconds: 0,
  failedTasksResetWhen: 'healthy',
  taskEnvironment: {},
};
