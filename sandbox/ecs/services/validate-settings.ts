import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { invalidParameter, unsupported } from '../errors.ts';
import type { Ecs, ServiceSettings } from '../state.ts';
import { requireCompatible, requireNetwork } from '../task-definitions/launchable.ts';
import { validateBalancers } from './validate-balancers.ts';

/** Whether the service can be as these settings say. Shared by CreateService and UpdateService. */
export function validateSettings(ecs: Ecs, settings: ServiceSettings, definition: TaskDefinition): void {
  const { schedulingStrategy = 'REPLICA', deploymentController, desiredCount = 0 } = settings;
  if (schedulingStrategy !== 'REPLICA') throw unsupported(`The scheduling strategy ${schedulingStrategy}`);
  if ((deploymentController?.type ?? 'ECS') !== 'ECS') {
    throw unsupported(`The deployment controller ${deploymentController?.type}`);
  }
  if (settings.serviceConnectConfiguration?.enabled) throw unsupported('Service Connect');
  if (settings.volumeConfigurations?.length) throw unsupported('A service-managed volume');
  if (settings.vpcLatticeConfigurations?.length) throw unsupported('VPC Lattice');
  if (settings.serviceRegistries?.length) throw unsupported('Service discovery');
  if (desiredCount < 0) throw invalidParameter('Desired count cannot be negative.');
  const providers = settings.capacityProviderStrategy ?? [];
  const unknown = providers.find(({ capacityProvider }) => !capacityProvider?.startsWith('FARGATE'));
  if (unknown)
    throw invalidParameter(`The specified capacity provider '${unknown.capacityProvider}' was not found.`);
  const fargate = settings.launchType === 'FARGATE' || providers.length > 0;
  requireCompatible(definition, fargate ? 'FARGATE' : 'EC2');
  requireNetwork(definition, settings.networkConfiguration);
  validateBalancers(ecs, settings.loadBalancers ?? [], definition);
}
