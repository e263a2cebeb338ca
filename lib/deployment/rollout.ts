import type { Rollout } from './document.ts';
import { DeploymentError } from './errors.ts';
import type { ServiceSettings } from './settings.ts';
import { type TaskObservation, whyStopped } from './task-stop.ts';

/** What DescribeServices says, as far as the decision needs it. Times are epoch milliseconds. */
export interface ServiceObservation {
  status: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  taskDefinition: string;
  deployments: EcsDeployment[];
  events: { at: number; message: string }[];
}

export interface EcsDeployment {
  id: string;
  status: string;
  taskDefinition: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  failedTasks: number;
  /** Not returned behind a classic load balancer. */
  rolloutState?: string;
  rolloutStateReason?: string;
}

export type RolloutDecision =
  | { verdict: 'progressing' }
  | { verdict: 'succeeded' }
  | { verdict: 'failed'; error: DeploymentError };

/** Stop codes of tasks that ended by themselves; a task that the scheduler scaled in is no crash. */
const CRASHES = new Set(['EssentialContainerExited', 'TaskFailedToStart']);
const UNHEALTHY = /failed (ELB|container) health checks|unhealthy/i;

/** The container itself runs, but the load balancer gets no good answer from it. */
const REFUSED_BY_BALANCER = /failed ELB health checks|unhealthy in \((elb|target-group) /i;

const isCrash = (task: TaskObservation) =>
  CRASHES.has(task.stopCode ?? '') || UNHEALTHY.test(task.stoppedReason ?? '');

/**
 * Whether *our* deployment has become the service's settled one. By deployment id and never by "the service is
 * stable": a service that the circuit breaker rolled back is stable too.
 *
 * `stopped` are the stopped tasks that this deployment started (startedBy = deployment id).
 */
export function decideRollout(
  service: ServiceObservation | undefined,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
  now: number,
): RolloutDecision {
  if (service === undefined || service.status !== 'ACTIVE') {
    return failed('RolloutReplaced', `the service is ${service?.status ?? 'gone'}`);
  }
  const ours = service.deployments.find((each) => each.id === rollout.deploymentId);
  const primary = service.deployments.find((each) => each.status === 'PRIMARY');
  const crashes = stopped.filter((task) => task.startedBy === rollout.deploymentId && isCrash(task));

  if (ours?.rolloutState === 'FAILED') return decideGivenUp(ours, primary, crashes);
  if (ours === undefined || primary?.id !== rollout.deploymentId)
    return decideReplaced(service, primary, rollout, crashes);
  if (isSettled(service, ours)) return { verdict: 'succeeded' };
  if (crashes.length >= settings.crashes) {
    // "Keep stopping" would send the operator after a crash that there was not: ECS stopped them for what they answer.
    const isRefused = crashes.every((task) => REFUSED_BY_BALANCER.test(task.stoppedReason ?? ''));
    return failed(
      isRefused ? 'HealthCheckFailed' : 'RolloutCrashLoop',
      `${crashes.length} tasks of ${rollout.taskDefinition} ${isRefused ? 'were stopped by ECS for it' : 'stopped'}, the last one because ${lastReason(crashes)}`,
      crashes,
    );
  }
  const placement = service.events.filter(
    (event) => event.at >= rollout.startedAt && /unable to place a task/i.test(event.message),
  );
  if (placement.length >= settings.placementFailures) {
    return failed('PlacementFailed', stripFullStop(placement[0]?.message ?? ''));
  }
  if (now >= rollout.deadline) {
    const reason = ours.rolloutStateReason ?? service.events[0]?.message ?? 'ECS gives no reason';
    return failed(
      'RolloutTimedOut',
      `${ours.runningCount} of ${service.desiredCount} tasks of ${rollout.taskDefinition} run past the deadline of ${new Date(rollout.deadline).toISOString()}, ${stripFullStop(reason)}`,
      crashes,
    );
  }
  return { verdict: 'progressing' };
}

/**
 * ECS's own word is rolloutState COMPLETED. Behind a classic load balancer there is none: one deployment,
 * runningCount == desiredCount. Right after an update PRIMARY shows desiredCount 0, which is not settled.
 */
function isSettled(service: ServiceObservation, ours: EcsDeployment): boolean {
  const counted =
    ours.desiredCount === service.desiredCount &&
    ours.runningCount === service.desiredCount &&
    ours.pendingCount === 0;
  if (ours.rolloutState !== undefined) return ours.rolloutState === 'COMPLETED' && counted;
  return counted && service.deployments.length === 1 && service.runningCount === service.desiredCount;
}

function decideGivenUp(
  ours: EcsDeployment,
  primary: EcsDeployment | undefined,
  crashes: TaskObservation[],
): RolloutDecision {
  const reason = stripFullStop(ours.rolloutStateReason ?? 'ECS gives no reason');
  const why =
    crashes.length === 0 ? reason : `${reason}, the last task stopped because ${lastReason(crashes)}`;
  const rolledBack = primary !== undefined && primary.id !== ours.id;
  return failed(rolledBack ? 'RolloutRolledBack' : 'RolloutFailed', why, crashes);
}

function decideReplaced(
  service: ServiceObservation,
  primary: EcsDeployment | undefined,
  rollout: Rollout,
  crashes: TaskObservation[],
): RolloutDecision {
  const rolledBack =
    /roll(ed|ing) back/i.test(primary?.rolloutStateReason ?? '') ||
    service.events.some(
      (event) => event.at >= rollout.startedAt && /rolling back to|rolled back/i.test(event.message),
    );
  const now =
    primary === undefined
      ? 'no deployment is primary'
      : `${primary.id} with ${primary.taskDefinition} is primary`;
  return failed(
    rolledBack ? 'RolloutRolledBack' : 'RolloutReplaced',
    `${now} instead of ${rollout.deploymentId}`,
    crashes,
  );
}

const newestFirst = (tasks: TaskObservation[]) =>
  [...tasks].sort((one, other) => (other.stoppedAt ?? 0) - (one.stoppedAt ?? 0));

function lastReason(crashes: TaskObservation[]): string {
  const [last] = newestFirst(crashes);
  return last === undefined ? 'ECS gives no reason' : stripFullStop(whyStopped(last).reason);
}

const stripFullStop = (text: string) => text.replace(/\.\s*$/, '');

function failed(
  name: ConstructorParameters<typeof DeploymentError>[0],
  why: string,
  crashes: TaskObservation[] = [],
): RolloutDecision {
  const [last] = newestFirst(crashes);
  const detail = last === undefined ? { reason: why } : { taskArn: last.taskArn, ...whyStopped(last) };
  return { verdict: 'failed', error: new DeploymentError(name, why, { detail }) };
}
