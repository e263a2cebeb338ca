import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { decideUpdate } from '#lib/deployment/release/service-definition.ts';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';

export type WayBack =
  | { act: 'wait'; taskDefinition: string; deploymentId: string }
  | { act: 'update'; taskDefinition: string; force: boolean };

/**
 * What RollBackService has to do on a service as ECS shows it: bring back the last known good revision, or only wait
 * where ECS has gone back to it by itself. Fails with NothingToRollBackTo.
 */
export function decideWayBack(
  { service, lastKnownGood }: Pick<DeploymentDocument, 'service' | 'lastKnownGood'>,
  observed: ServiceObservation | undefined,
): WayBack {
  const taskDefinition = lastKnownGood?.taskDefinition;
  if (taskDefinition === undefined)
    throw new DeploymentError('NothingToRollBackTo', `no release of ${service} has gone live yet`);
  const decision = decideUpdate(observed, taskDefinition, false);
  if (decision.act === 'nothing') return { act: 'wait', taskDefinition, deploymentId: decision.deploymentId };
  // A service that is gone is not created: ECS refuses the update, and a person reads why.
  return { act: 'update', taskDefinition, force: decision.act === 'update' && decision.force };
}
