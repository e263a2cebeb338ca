import * as z from 'zod';
import type { ServiceObservation } from '#lib/deployment/rollout/service-observation.ts';

/** A service as `aws ecs create-service --cli-input-json` takes it; what Landfall does not look at passes through. */
export const ServiceTemplate = z.looseObject({
  cluster: z.string().optional(),
  serviceName: z.string().min(1),
  taskDefinition: z.string().optional(),
  desiredCount: z.number().int().nonnegative().optional(),
  role: z.string().optional(),
  loadBalancers: z
    .array(
      z.looseObject({
        loadBalancerName: z.string().optional(),
        targetGroupArn: z.string().optional(),
        containerName: z.string().optional(),
        containerPort: z.number().optional(),
      }),
    )
    .optional(),
});
export type ServiceTemplate = z.infer<typeof ServiceTemplate>;

/**
 * CreateService's input: the template with our revision. Cluster and name are those of services.yml, so that a
 * template copied from elsewhere cannot create a service somewhere else.
 */
export function renderService(
  template: ServiceTemplate,
  target: { cluster: string; service: string; taskDefinition: string; clientToken: string },
): ServiceTemplate & { cluster: string; taskDefinition: string; clientToken: string } {
  return {
    ...template,
    cluster: target.cluster,
    serviceName: target.service,
    taskDefinition: target.taskDefinition,
    clientToken: target.clientToken,
  };
}

export type UpdateDecision =
  | { act: 'create' }
  | { act: 'nothing'; deploymentId: string }
  | { act: 'update'; force: boolean };

/**
 * What UpdateService has to do. A revision that is primary already is left alone, so that a retried call starts no
 * second deployment; a re-driven one is forced anew, because ECS and Landfall have given its earlier tasks up.
 */
export function decideUpdate(
  service: ServiceObservation | undefined,
  taskDefinition: string,
  redriven: boolean,
): UpdateDecision {
  if (service === undefined) return { act: 'create' };
  const primary = service.deployments.find((each) => each.status === 'PRIMARY');
  if (primary === undefined || primary.taskDefinition !== taskDefinition)
    return { act: 'update', force: false };
  const settled = primary.runningCount === service.desiredCount && service.deployments.length === 1;
  if (primary.rolloutState === 'FAILED' || (redriven && !settled)) return { act: 'update', force: true };
  return { act: 'nothing', deploymentId: primary.id };
}
