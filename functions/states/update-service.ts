import { createBundles } from '#lib/aws/bundles.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createTaskDefinitions } from '#lib/aws/ecs/task-definitions.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { type DeploymentDocument, requireValue, type StateInput } from '#lib/deployment/document.ts';
import { decideUpdate, renderService } from '#lib/deployment/release/service-definition.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Acted, type Claims, installedClaims } from '#lib/operations/claims.ts';
import { createTemplates, type Templates } from '#lib/operations/templates.ts';

interface Needs {
  claims: Pick<Claims, 'assert' | 'act'>;
  services: EcsServices;
  templates: Pick<Templates, 'service'>;
  now: Now;
}

/**
 * Brings the service to the new revision: creates it from its template, updates it, or does nothing where the
 * revision is primary already. The desired count is left alone: autoscaling and operators own it.
 */
export function createUpdateService({ claims, services, templates, now }: Needs): StateHandler {
  async function bring(
    input: StateInput,
    document: DeploymentDocument,
    taskDefinition: string,
  ): Promise<Acted<string>> {
    const { cluster, service } = document.settings;
    const acting = { ...input, document };
    const decision = decideUpdate(
      await services.observe(cluster, service),
      taskDefinition,
      document.resume !== undefined,
    );
    if (decision.act === 'nothing') return { document, result: decision.deploymentId };
    if (decision.act === 'update') {
      const update = { cluster, service, taskDefinition, forceNewDeployment: decision.force };
      return claims.act(acting, (call) => services.update(update, call));
    }
    const template = await templates.service(document);
    const clientToken = document.deployment.slice(-36);
    const create = renderService(template, { cluster, service, taskDefinition, clientToken });
    return claims.act(acting, (call) => services.create(create, call));
  }

  return async (input) => {
    const document = await claims.assert(input);
    const taskDefinition = requireValue(document.taskDefinition, 'taskDefinition').arn;
    const startedAt = now();
    const { result: deploymentId, ...brought } = await bring(input, document, taskDefinition);
    const deadline = startedAt + document.settings.rollout.timeoutSeconds * 1000;
    return { ...brought.document, rollout: { deploymentId, taskDefinition, startedAt, deadline } };
  };
}

const services = createEcsServices();

export const handler = forState(
  createUpdateService({
    claims: installedClaims(),
    services,
    templates: createTemplates(createBundles(), createTaskDefinitions(), services),
    now,
  }),
);
