import type { Rollout } from '#lib/deployment/document.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { crashesOf, decideCrashLoop } from './crashes.ts';
import { decideFailed, type RolloutDecision, stripFullStop } from './decision.ts';
import { decideLost } from './lost.ts';
import { decidePlacement } from './no-room.ts';
import type { EcsDeployment, ServiceObservation } from './service-observation.ts';
import type { TaskObservation } from './task-stop.ts';

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

function decideDeadline(
  service: ServiceObservation,
  ours: EcsDeployment,
  crashes: TaskObservation[],
  rollout: Rollout,
  now: number,
): RolloutDecision | undefined {
  if (now < rollout.deadline) return undefined;
  const deadline = formatInstant(rollout.deadline);
  return decideFailed(
    'RolloutTimedOut',
    `${ours.runningCount} of ${service.desiredCount} tasks of ${rollout.taskDefinition} run past the deadline of ${deadline}, ${stripFullStop(explainUnsettled(service, ours, rollout))}`,
    crashes,
  );
}

/**
 * A rollback is waited for like any rollout, but for one case. Fresh tasks of the last known good may find no room,
 * while its older tasks are all that runs: then the service is where it has to be.
 */
export function decideRollback(
  service: ServiceObservation | undefined,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
  now: number,
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

/** The event that names an obstacle, if there is one: rolloutStateReason mostly says "in progress". */
function explainUnsettled(service: ServiceObservation, ours: EcsDeployment, rollout: Rollout): string {
  const obstacle = service.events.find(
    (event) => event.at >= rollout.startedAt && /unable|unhealthy|failed/i.test(event.message),
  );
  return obstacle?.message ?? ours.rolloutStateReason ?? service.events[0]?.message ?? 'ECS gives no reason';
}

/**
 * ECS's own word is rolloutState COMPLETED; the counts after that are for autoscaling and CheckHealth. Behind a classic
 * load balancer there is none: one deployment, runningCount == desiredCount. Right after an update PRIMARY shows
 * desiredCount 0, which is not settled.
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
