import type { CreateServiceRequest, CreateServiceResponse } from '@aws-sdk/client-ecs';
import { arn } from '#sandbox/core/arn.ts';
import type { OperationContext } from '#sandbox/core/service.ts';
import { invalidParameter } from '../errors.ts';
import { ecsArn, getCluster, getRunnableTaskDefinition } from '../identifiers.ts';
import { startDeployment } from '../scheduler/deployments.ts';
import { resolveDeploymentConfiguration } from '../services/validate-deployment.ts';
import { validateSettings } from '../services/validate-settings.ts';
import type { ClusterRecord, Ecs, ServiceRecord, ServiceSettings } from '../state.ts';
import { serviceView } from '../views/service.ts';

/** Makes a service and its first deployment. */
export const createService =
  (ecs: Ecs) =>
  (input: CreateServiceRequest, { caller }: OperationContext): CreateServiceResponse => {
    const cluster = getCluster(ecs, input.cluster);
    const name = input.serviceName ?? '';
    if (!/^[\w-]{1,255}$/.test(name))
      throw invalidParameter(
        'Name cannot be blank, and may only contain letters, digits, hyphens and underscores.',
      );
    const existing = existingService(cluster, input);
    if (existing) return { service: serviceView(existing, ['TAGS']) };
    if (input.taskDefinition === undefined) throw invalidParameter('TaskDefinition cannot be blank.');
    if (input.desiredCount === undefined)
      throw invalidParameter('desiredCount is required for the REPLICA scheduling strategy.');
    const { definition } = getRunnableTaskDefinition(ecs, input.taskDefinition);
    const settings = settingsOf(ecs, input, definition.taskDefinitionArn as string);
    validateSettings(ecs, settings, definition);
    requireRole(ecs, settings);
    const service: ServiceRecord = {
      name,
      arn: ecsArn(ecs, `service/${cluster.name}/${name}`),
      cluster,
      createdAt: new Date(ecs.context.clock.now()),
      createdBy: caller.arn,
      clientToken: input.clientToken,
      parameters: JSON.stringify(input),
      status: 'ACTIVE',
      settings,
      desiredCount: input.desiredCount,
      tags: input.tags ?? [],
      deployments: [],
      events: [],
      serviceDeployments: [],
      revisions: [],
    };
    cluster.services.set(name, service);
    startDeployment(ecs, service, definition);
    return { service: serviceView(service, ['TAGS']) };
  };

function existingService(cluster: ClusterRecord, input: CreateServiceRequest): ServiceRecord | undefined {
  const existing = cluster.services.get(input.serviceName ?? '');
  if (!existing || existing.status === 'INACTIVE') return undefined;
  if (existing.status === 'DRAINING')
    throw invalidParameter('Unable to Start a service that is still Draining.');
  const same = input.clientToken !== undefined && input.clientToken === existing.clientToken;
  if (same && existing.parameters === JSON.stringify(input)) return existing;
  throw invalidParameter('Creation of service was not idempotent.');
}

function settingsOf(ecs: Ecs, input: CreateServiceRequest, taskDefinition: string): ServiceSettings {
  const { cluster: _, serviceName: __, clientToken: ___, tags: ____, ...given } = input;
  const role =
    given.role && !given.role.startsWith('arn:') ? arn(ecs.context, 'iam', `role/${given.role}`) : given.role;
  return {
    ...given,
    taskDefinition,
    // IAM has no Region.
    role: role?.replace(`:${ecs.context.region}:`, '::'),
    schedulingStrategy: given.schedulingStrategy ?? 'REPLICA',
    deploymentController: given.deploymentController ?? { type: 'ECS' },
    deploymentConfiguration: resolveDeploymentConfiguration(
      given.deploymentConfiguration,
      given.loadBalancers,
    ),
    availabilityZoneRebalancing: given.availabilityZoneRebalancing ?? 'ENABLED',
  };
}

/** The role that lets ECS call the load balancer for the service; without one it is the service-linked role. */
function requireRole(ecs: Ecs, { role, loadBalancers }: ServiceSettings): void {
  if (role === undefined || ecs.needs.iam.roleExists(role)) return;
  const what = loadBalancers?.[0]?.targetGroupArn
    ? `specified targetGroupArn: ${loadBalancers[0].targetGroupArn}`
    : 'listeners configured on your load balancer';
  throw invalidParameter(
    `Unable to assume role and validate the ${what}. ` +
      'Please verify that the ECS service role being passed has the proper permissions.',
  );
}
