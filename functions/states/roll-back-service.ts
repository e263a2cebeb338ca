import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { decideWayBack } from '#lib/deployment/ending/way-back.ts';
import { beginRollout } from '#lib/deployment/rollout/deadline.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';

const services = createEcsServices();

/** Rolls back to the last known good revision. Where ECS has gone back to it by itself, there is nothing to do. */
export const handler = forState(async (input) => {
  const document = await claims.assert(input);
  const { cluster, service, rollout } = document.settings;
  const startedAt = now();
  const { taskDefinition, ...way } = decideWayBack(document, await services.observe(cluster, service));
  const { result: deploymentId, ...acted } =
    way.act === 'wait'
      ? { document, result: way.deploymentId }
      : await claims.act({ ...input, document }, (call) =>
          services.update({ cluster, service, taskDefinition, forceNewDeployment: way.force }, call),
        );
  return { ...acted.document, rollback: beginRollout({ deploymentId, taskDefinition, startedAt }, rollout) };
});
