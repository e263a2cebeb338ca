import type { Rollout } from '#lib/deployment/document.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { decideFailed, type RolloutDecision, stripFullStop } from './decision.ts';
import type { EcsDeployment, ServiceObservation } from './service-observation.ts';
import type { TaskObservation } from './task-stop.ts';

/** ECS finds no room for our tasks, and none is about to come. */
export function decidePlacement(
  service: ServiceObservation,
  stopped: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
): RolloutDecision | undefined {
  const failures = placementFailuresOf(service, stopped, rollout);
  if (failures.length < settings.placementFailures) return undefined;
  return decideFailed('PlacementFailed', stripFullStop(failures[0]?.message ?? ''));
}

/**
 * What ECS said of missing room since our deployment began. It says nothing as long as room is about to come (a static
 * host port above all): while there are older tasks that ECS may stop, now or once one of ours is healthy; while a
 * task is leaving, and until ECS has tried again after it left.
 */
function placementFailuresOf(service: ServiceObservation, stopped: TaskObservation[], rollout: Rollout) {
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
