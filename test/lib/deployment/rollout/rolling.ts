import type { Rollout } from '#lib/deployment/document.ts';
import { decideRollout } from '#lib/deployment/rollout/rollout.ts';
import type { EcsDeployment, ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';
import type { TaskObservation } from '#lib/deployment/rollout/task-stop.ts';
import {
  ecsDeployment,
  NOON,
  OURS,
  observedService,
  revision,
  settings,
  stoppedTask,
  taskArn,
} from '../fixtures.ts';

/** Rollouts under way, and what is decided of them. */

export const rollout: Rollout = {
  deploymentId: OURS,
  taskDefinition: revision(7),
  startedAt: NOON - 60_000,
  deadline: NOON + 60_000,
};

export const decide = (
  service: ServiceObservation | undefined,
  stopped: TaskObservation[] = [],
  { now = NOON, ...given }: { now?: number; crashes?: number; placementFailures?: number } = {},
) => decideRollout(service, stopped, rollout, settings({ rollout: given }).rollout, now);

/** The failure's name, message and detail; fails where the verdict is another. */
export function failure(...given: Parameters<typeof decide>) {
  const decision = decide(...given);
  if (decision.verdict !== 'failed') throw new Error(`The verdict is ${decision.verdict}`);
  return decision.error;
}

export const previous = (given: Partial<EcsDeployment> = {}) =>
  ecsDeployment({ id: 'ecs-svc/6', status: 'ACTIVE', taskDefinition: revision(6), ...given });

/** Our deployment on its way beside the previous one. */
export const underWay = (given: Partial<EcsDeployment> = {}, service: Partial<ServiceObservation> = {}) =>
  observedService({
    deployments: [
      ecsDeployment({ runningCount: 1, pendingCount: 1, rolloutState: 'IN_PROGRESS', ...given }),
      previous(),
    ],
    ...service,
  });

/** As ECS answers behind a classic load balancer. */
export const classic = (given: Partial<EcsDeployment> = {}) => {
  const { rolloutState: _, ...rest } = ecsDeployment(given);
  return rest;
};

export const crashed = (count: number, given: Partial<TaskObservation> = {}) =>
  Array.from({ length: count }, (_, index) =>
    stoppedTask({ taskArn: taskArn(`${index}`), stoppedAt: NOON - index, ...given }),
  );
