import type { Rollout } from '#lib/deployment/document.ts';
import { decideFailed, lastReasonOf, type RolloutDecision, stripFullStop } from './decision.ts';
import type { EcsDeployment, ServiceObservation } from './service-observation.ts';
import type { TaskObservation } from './task-stop.ts';

/** The service is gone, or ECS or somebody else has put another deployment in our place. */
export function decideLost(
  service: ServiceObservation | undefined,
  rollout: Rollout,
  crashes: TaskObservation[],
): RolloutDecision | undefined {
  if (service === undefined || service.status !== 'ACTIVE') {
    return decideFailed(
      'ServiceUnusable',
      `it was deleted during the rollout and is ${service?.status ?? 'gone'}`,
    );
  }
  const ours = service.deployments.find((each) => each.id === rollout.deploymentId);
  const primary = service.deployments.find((each) => each.status === 'PRIMARY');
  if (ours?.rolloutState === 'FAILED') return decideGivenUp(ours, primary, crashes);
  if (ours === undefined || primary?.id !== rollout.deploymentId)
    return decideReplaced(service, primary, rollout, crashes);
  return undefined;
}

function decideGivenUp(
  ours: EcsDeployment,
  primary: EcsDeployment | undefined,
  crashes: TaskObservation[],
): RolloutDecision {
  const reason = stripFullStop(ours.rolloutStateReason ?? 'ECS gives no reason');
  const why = [reason];
  if (crashes.length > 0) why.push(`the last task stopped because ${lastReasonOf(crashes)}`);
  if (primary === undefined || primary.id === ours.id)
    return decideFailed('RolloutFailed', why.join(', '), crashes);
  why.push(`and ${primary.id} with ${primary.taskDefinition} is primary again`);
  return decideFailed('RolloutRolledBack', why.join(', '), crashes);
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
  return decideFailed(
    rolledBack ? 'RolloutRolledBack' : 'RolloutReplaced',
    `${now} instead of ${rollout.deploymentId}`,
    crashes,
  );
}
