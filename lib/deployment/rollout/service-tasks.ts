import { isCrash } from './crashes.ts';
import { isHealthy, type TaskTarget } from './health.ts';
import { explainStop, type TaskObservation } from './task-stop.ts';

/** What ECS and the load balancers say of a service's tasks. */
export interface TasksReading {
  /** Targets of the service's tasks over all its load balancers; null without any, and when it cannot be told. */
  targets: TargetCounts | null;
  /** By the id of the ECS deployment. One that is missing cannot be told. */
  healthyCounts: Map<string, number>;
  /** Newest first. */
  failed: FailedTask[];
}

export interface TargetCounts {
  healthy: number;
  unhealthy: number;
  /** Registered a moment ago: the first checks are under way. */
  initial: number;
  draining: number;
  /** unused, unavailable, Unknown. */
  other: number;
}

/** A task that ended by itself, or that ECS stopped because it was not healthy. */
export interface FailedTask {
  taskArn: string;
  /** The id of the ECS deployment that started it. */
  ecsDeployment: string | null;
  taskDefinition: string | null;
  /** Absent while it is about to stop. Epoch milliseconds. */
  stoppedAt?: number;
  reason: string;
  container?: string;
  exitCode?: number;
}

/** So many failed tasks are shown. */
const FAILED_TASKS = 5;

/**
 * `balancers` are the targets of these tasks, by load balancer: none where the service has none, undefined where they
 * cannot be told (not all of its tasks are known, or a load balancer did not answer).
 */
export function readTasks(tasks: TaskObservation[], balancers: TaskTarget[][] | undefined): TasksReading {
  return {
    targets: balancers === undefined || balancers.length === 0 ? null : countTargets(balancers.flat()),
    healthyCounts: balancers === undefined ? new Map() : countHealthy(tasks, balancers),
    failed: failedOf(tasks),
  };
}

function countTargets(targets: TaskTarget[]): TargetCounts {
  const counts: TargetCounts = { healthy: 0, unhealthy: 0, initial: 0, draining: 0, other: 0 };
  for (const target of targets) counts[kindOf(target)] += 1;
  return counts;
}

function kindOf(target: TaskTarget): keyof TargetCounts {
  const { state, reason = '' } = target;
  if (isHealthy(target)) return 'healthy';
  if (state.endsWith('draining')) return 'draining';
  // A classic load balancer has no state of its own for it.
  if (state === 'initial' || /registration is still in progress/i.test(reason)) return 'initial';
  return state === 'unhealthy' || state === 'OutOfService' ? 'unhealthy' : 'other';
}

/**
 * A running task is healthy when every load balancer says so of all its targets, and its containers' own health checks
 * do not say otherwise; without a load balancer when those checks say so. Of a deployment of which nobody says
 * anything, and of one that shares a classic load balancer's instance with another, it cannot be told.
 */
function countHealthy(tasks: TaskObservation[], balancers: TaskTarget[][]): Map<string, number> {
  const running = Map.groupBy(
    tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING'),
    ({ startedBy = '' }) => startedBy,
  );
  const ownerOf = new Map(tasks.map(({ taskArn, startedBy }) => [taskArn, startedBy]));
  const isShared = (target: TaskTarget) => new Set(target.tasks.map((task) => ownerOf.get(task))).size > 1;
  const counts = new Map<string, number>();
  for (const startedBy of new Set(tasks.map((task) => task.startedBy ?? ''))) {
    const own = running.get(startedBy) ?? [];
    const arns = new Set(own.map(({ taskArn }) => taskArn));
    const targets = balancers.map((each) =>
      each.filter((target) => target.tasks.some((task) => arns.has(task))),
    );
    const isTold =
      balancers.length > 0
        ? !targets.flat().some(isShared)
        : own.some(({ healthStatus = 'UNKNOWN' }) => healthStatus !== 'UNKNOWN');
    if (isTold) counts.set(startedBy, own.filter((task) => isHealthyTask(task, targets)).length);
  }
  return counts;
}

function isHealthyTask({ taskArn, healthStatus }: TaskObservation, balancers: TaskTarget[][]): boolean {
  if (balancers.length === 0) return healthStatus === 'HEALTHY';
  const isHealthyBehind = (targets: TaskTarget[]) => {
    const own = targets.filter(({ tasks }) => tasks.includes(taskArn));
    return own.length > 0 && own.every(isHealthy);
  };
  return healthStatus !== 'UNHEALTHY' && balancers.every(isHealthyBehind);
}

function failedOf(tasks: TaskObservation[]): FailedTask[] {
  const endOf = ({ stoppedAt = Number.POSITIVE_INFINITY }: TaskObservation) => stoppedAt;
  return tasks
    .filter(isCrash)
    .sort((one, other) => (endOf(one) < endOf(other) ? 1 : -1))
    .slice(0, FAILED_TASKS)
    .map((task) => ({
      taskArn: task.taskArn,
      ecsDeployment: task.startedBy ?? null,
      taskDefinition: task.taskDefinition ?? null,
      stoppedAt: task.stoppedAt,
      ...explainStop(task),
    }));
}
