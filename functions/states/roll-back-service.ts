import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { decideUpdate } from '#lib/deployment/release/service-definition.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';

interface Needs {
  claims: Pick<Claims, 'assert' | 'act'>;
  services: EcsServices;
  now: Now;
}

/** Rolls back to the last known good revision. Where ECS has gone back to it by itself, there is nothing to do. */
export function createRollBackService({ claims, services, now }: Needs): StateHandler {
  return async (input) => {
    const document = await claims.assert(input);
    const { cluster, service, rollout } = document.settings;
    const taskDefinition = document.lastKnownGood?.taskDefinition;
    if (taskDefinition === undefined) {
      throw new DeploymentError('NothingToRollBackTo', `no release of ${document.service} has gone live yet`);
    }
    const startedAt = now();
    const decision = decideUpdate(await services.observe(cluster, service), taskDefinition, false);
    const forceNewDeployment = decision.act === 'update' && decision.force;
    const update = { cluster, service, taskDefinition, forceNewDeployment };
    const { result: deploymentId, ...acted } =
      decision.act === 'nothing'
        ? { document, result: decision.deploymentId }
        : await claims.act({ ...input, document }, (call) => services.update(update, call));
    const deadline = startedAt + rollout.timeoutSeconds * 1000;
    return { ...acted.document, rollback: { deploymentId, taskDefinition, startedAt, deadline } };
  };
}

export const handler = forState(
  createRollBackService({
    claims: installedClaims(),
    services: createEcsServices(),
    now,
  }),
);
