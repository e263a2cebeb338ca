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
  /** ECS's default is 100. */
  minimumHealthyPercent?: number;
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

export const isCrash = (task: TaskObservation) =>
  CRASHES.has(task.stopCode ?? '') || UNHEALTHY.test(task.stoppedReason ?? '');

/** DescribeServices may still answer from before the update; ECS itself gives nothing up as soon as this. */
const STALE_READS = 30_000;

/**
 * Whether *our* deployment has become the service's settled one. By deployment id and never by "the service is
 * stable": a service that the circuit breaker rolled back is stable too.
 *
 * `stopped` are the tasks of the service that have stopped or are about to, whatever deployment started them.
 */
export function decideRollout(
  service: ServiceObservation | undefined,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
  now: number,
): RolloutDecision {
  const ours = service?.deployments.find((each) => each.id === rollout.deploymentId);
  if (ours === undefined && now < rollout.startedAt + STALE_READS) return { verdict: 'progressing' };
  const crashes = crashesOf(stopped, rollout, now);
  const lost = decideLost(service, rollout, crashes);
  if (lost !== undefined) return lost;
  if (service === undefined || ours === undefined) return { verdict: 'progressing' };
  if (isSettled(service, ours)) return { verdict: 'succeeded' };
  return (
    decideCrashLoop(crashes, rollout, settings) ??
    decidePlacement(service, stopped, rollout, settings) ??
    decideDeadline(service, ours, crashes, rollout, now) ?? { verdict: 'progressing' }
  );
}

/**
 * Whether a rollout that had settled has come undone while its health is looked at: another deployment is on top of
 * it, or its tasks crash after all. A service in a crash loop is settled again and again, each time a task runs.
 */
export function decideUndone(
  service: ServiceObservation | undefined,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
  now: number,
): RolloutDecision | undefined {
  const crashes = crashesOf(stopped, rollout, now);
  return decideLost(service, rollout, crashes) ?? decideCrashLoop(crashes, rollout, settings);
}

/** Tasks of our deployment that ended by themselves since the wait for it began: it may be an adopted, older one. */
const crashesOf = (stopped: TaskObservation[], rollout: Rollout, now: number) =>
  stopped.filter(
    (task) =>
      task.startedBy === rollout.deploymentId &&
      isCrash(task) &&
      (task.stoppedAt ?? now) >= rollout.startedAt,
  );

/** The service is gone, or ECS or somebody else has put another deployment in our place. */
function decideLost(
  service: ServiceObservation | undefined,
  rollout: Rollout,
  crashes: TaskObservation[],
): RolloutDecision | undefined {
  if (service === undefined || service.status !== 'ACTIVE') {
    return failed('ServiceUnusable', `it was deleted during the rollout and is ${service?.status ?? 'gone'}`);
  }
  const ours = service.deployments.find((each) => each.id === rollout.deploymentId);
  const primary = service.deployments.find((each) => each.status === 'PRIMARY');
  if (ours?.rolloutState === 'FAILED') return decideGivenUp(ours, primary, crashes);
  if (ours === undefined || primary?.id !== rollout.deploymentId)
    return decideReplaced(service, primary, rollout, crashes);
  return undefined;
}

function decideCrashLoop(
  crashes: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
): RolloutDecision | undefined {
  if (crashes.length < settings.crashes) return undefined;
  // "Keep stopping" would send the operator after a crash that there was not: ECS stopped them for what they answer.
  const isRefused = crashes.every((task) => REFUSED_BY_BALANCER.test(task.stoppedReason ?? ''));
  return failed(
    isRefused ? 'HealthCheckFailed' : 'RolloutCrashLoop',
    `${crashes.length} tasks of ${rollout.taskDefinition} ${isRefused ? 'were stopped by ECS for it' : 'stopped'}, the last one because ${lastReason(crashes)}`,
    crashes,
  );
}

function decidePlacement(
  service: ServiceObservation,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
): RolloutDecision | undefined {
  const failures = placementFailures(service, stopped, rollout);
  if (failures.length < settings.placementFailures) return undefined;
  return failed('PlacementFailed', stripFullStop(failures[0]?.message ?? ''));
}

function decideDeadline(
  service: ServiceObservation,
  ours: EcsDeployment,
  crashes: TaskObservation[],
  rollout: Rollout,
  now: number,
): RolloutDecision | undefined {
  if (now < rollout.deadline) return undefined;
  const deadline = new Date(rollout.deadline).toISOString();
  return failed(
    'RolloutTimedOut',
    `${ours.runningCount} of ${service.desiredCount} tasks of ${rollout.taskDefinition} run past the deadline of ${deadline}, ${stripFullStop(whyUnsettled(service, ours, rollout))}`,
    crashes,
  );
}

/**
 * The way back is waited for like any rollout, but for one case: where fresh tasks of the last known good find no room,
 * or do not get their turn, and all that runs are its tasks of before, the service is where it has to be.
 */
export function decideRollback(
  ...[service, stopped, rollout, settings, now]: Parameters<typeof decideRollout>
): RolloutDecision {
  const decision = decideRollout(service, stopped, rollout, settings, now);
  const isStuck = decision.verdict === 'failed' && STUCK.has(decision.error.name);
  return isStuck && runsOnly(service, rollout.taskDefinition) ? { verdict: 'succeeded' } : decision;
}

const STUCK = new Set(['PlacementFailed', 'RolloutTimedOut']);

const runsOnly = (service: ServiceObservation | undefined, taskDefinition: string) =>
  service !== undefined &&
  service.runningCount >= service.desiredCount &&
  service.deployments.every(
    (each) => each.taskDefinition === taskDefinition || each.runningCount + each.pendingCount === 0,
  );

/**
 * What ECS said of missing room since our deployment began. It says nothing as long as room is about to come (a static
 * host port above all): while there are older tasks that ECS may stop, now or once one of ours is healthy; while a
 * task is leaving, and until ECS has tried again after it left.
 */
function placementFailures(service: ServiceObservation, stopped: TaskObservation[], rollout: Rollout) {
  const count = (deployments: EcsDeployment[]) =>
    deployments.reduce((sum, each) => sum + each.runningCount + each.pendingCount, 0);
  const ours = count(service.deployments.filter((each) => each.id === rollout.deploymentId));
  const older = count(service.deployments) - ours;
  const needed = Math.ceil((service.desiredCount * (service.minimumHealthyPercent ?? 100)) / 100);
  if (older > 0 && (ours > 0 || older > needed)) return [];
  const leftAt = stopped.map((task) =>
    task.lastStatus === 'STOPPED' ? (task.stoppedAt ?? 0) : Number.POSITIVE_INFINITY,
  );
  const after = Math.max(rollout.startedAt, ...leftAt);
  return service.events.filter((event) => event.at > after && /unable to place a task/i.test(event.message));
}

/** The event that tells of an obstacle, if there is one: rolloutStateReason mostly says "in progress". */
function whyUnsettled(service: ServiceObservation, ours: EcsDeployment, rollout: Rollout): string {
  const obstacle = service.events.find(
    (event) => event.at >= rollout.startedAt && /unable|unhealthy|failed/i.test(event.message),
  );
  return obstacle?.message ?? ours.rolloutStateReason ?? service.events[0]?.message ?? 'ECS gives no reason';
}

/**
 * ECS's own word is rolloutState COMPLETED; what is counted after that is autoscaling's matter, or CheckHealth's.
 * Behind a classic load balancer there is none: one deployment, runningCount == desiredCount. Right after an update
 * PRIMARY shows desiredCount 0, which is not settled.
 */
function isSettled(service: ServiceObservation, ours: EcsDeployment): boolean {
  if (ours.rolloutState !== undefined) return ours.rolloutState === 'COMPLETED';
  return (
    service.deployments.length === 1 &&
    service.runningCount === service.desiredCount &&
    ours.desiredCount === service.desiredCount &&
    ours.runningCount === service.desiredCount &&
    ours.pendingCount === 0
  );
}

function decideGivenUp(
  ours: EcsDeployment,
  primary: EcsDeployment | undefined,
  crashes: TaskObservation[],
): RolloutDecision {
  const reason = stripFullStop(ours.rolloutStateReason ?? 'ECS gives no reason');
  const why = [reason];
  if (crashes.length > 0) why.push(`the last task stopped because ${lastReason(crashes)}`);
  if (primary === undefined || primary.id === ours.id)
    return failed('RolloutFailed', why.join(', '), crashes);
  why.push(`and ${primary.id} with ${primary.taskDefinition} is primary again`);
  return failed('RolloutRolledBack', why.join(', '), crashes);
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
