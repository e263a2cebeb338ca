import { createEcsServices } from '#lib/aws/ecs/services.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { requireValue, type StateInput } from '#lib/deployment/document.ts';
import { decideUpdate, renderService } from '#lib/deployment/release/service-definition.ts';
import { beginRollout } from '#lib/deployment/rollout/deadline.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';
import * as templates from '#lib/operations/templates.ts';

const services = createEcsServices();

/**
 * Brings the service to the new revision: creates it from its template, updates it, or does nothing where the
 * revision is primary already. The desired count is left alone: autoscaling and operators own it.
 */
export const handler = forState(async (input) => {
  const document = await claims.assert(input);
  const taskDefinition = requireValue(document.taskDefinition, 'taskDefinition').arn;
  const startedAt = now();
  const { result: deploymentId, ...brought } = await bring({ ...input, document }, taskDefinition);
  const rollout = beginRollout({ deploymentId, taskDefinition, startedAt }, document.settings.rollout);
  return { ...brought.document, rollout };
});

async function bring(input: StateInput, taskDefinition: string): Promise<claims.Acted<string>> {
  const { document } = input;
  const { cluster, service } = document.settings;
  const decision = decideUpdate(
    await services.observe(cluster, service),
    taskDefinition,
    document.resume !== undefined,
  );
  if (decision.act === 'nothing') return { document, result: decision.deploymentId };
  if (decision.act === 'update') {
    const update = { cluster, service, taskDefinition, forceNewDeployment: decision.force };
    return claims.act(input, (call) => services.update(update, call));
  }
  const template = await templates.service(document);
  const clientToken = document.deployment.slice(-36);
  const create = renderService(template, { cluster, service, taskDefinition, clientToken });
  return claims.act(input, (call) => services.create(create, call));
}
