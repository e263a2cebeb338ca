import type {
  Compatibility,
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { units } from '../placement/reservation.ts';
import { isFargateSize } from './fargate-sizes.ts';
import { requiredAttributes } from './requires-attributes.ts';

/** The request as a task definition: everything that was given, and what AWS fills in. */
export function withDefaults(request: RegisterTaskDefinitionRequest): TaskDefinition {
  const { tags: _, requiresCompatibilities, ...given } = request;
  const sizes = {
    ...(request.cpu !== undefined && { cpu: String(units(request.cpu, 1024)) }),
    ...(request.memory !== undefined && { memory: String(units(request.memory, 1024)) }),
  };
  return {
    ...given,
    ...sizes,
    ...(requiresCompatibilities?.length && { requiresCompatibilities }),
    containerDefinitions: (request.containerDefinitions ?? []).map((one) => containerDefaults(one, request)),
    volumes: request.volumes ?? [],
    placementConstraints: request.placementConstraints ?? [],
    status: 'ACTIVE',
    requiresAttributes: requiredAttributes(request),
    compatibilities: compatibilities(request),
  };
}

function containerDefaults(
  container: ContainerDefinition,
  { networkMode }: RegisterTaskDefinitionRequest,
): ContainerDefinition {
  return {
    ...container,
    cpu: container.cpu ?? 0,
    portMappings: (container.portMappings ?? []).map((mapping) => ({
      ...mapping,
      hostPort:
        mapping.hostPort ?? (networkMode === 'awsvpc' || networkMode === 'host' ? mapping.containerPort : 0),
      protocol: mapping.protocol ?? 'tcp',
    })),
    essential: container.essential ?? true,
    environment: container.environment ?? [],
    mountPoints: container.mountPoints ?? [],
    volumesFrom: container.volumesFrom ?? [],
    systemControls: container.systemControls ?? [],
    ...(container.healthCheck && {
      healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
    }),
  };
}

function compatibilities({ networkMode, cpu, memory }: RegisterTaskDefinitionRequest): Compatibility[] {
  if (networkMode !== 'awsvpc') return ['EXTERNAL', 'EC2'];
  const fits =
    cpu !== undefined && memory !== undefined && isFargateSize(units(cpu, 1024), units(memory, 1024));
  return fits ? ['EC2', 'FARGATE'] : ['EC2'];
}
