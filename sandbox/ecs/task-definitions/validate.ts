import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { clientException } from '../errors.ts';
import { units } from '../placement/reservation.ts';
import { isFargateSize } from './fargate-sizes.ts';

/** Refuses what ECS refuses, as a ClientException in its words. */
export function validateTaskDefinition(request: RegisterTaskDefinitionRequest): void {
  const containers = request.containerDefinitions ?? [];
  if (!request.family) throw clientException('Family can not be blank.');
  if (!/^[\w-]+$/.test(request.family)) throw clientException('Family contains invalid characters.');
  if (request.family.length > 255) throw clientException('Family should be 255 characters or fewer.');
  if (containers.length === 0) throw clientException('Container list cannot be empty.');
  if (containers.every(({ essential }) => essential === false)) {
    throw clientException('Invalid setting for container list. At least one container must be essential.');
  }
  validateNames(containers);
  for (const container of containers) validateContainer(request, container, containers);
  if (request.requiresCompatibilities?.includes('FARGATE')) validateForFargate(request);
}

function validateNames(containers: ContainerDefinition[]): void {
  const names = new Set<string>();
  for (const { name } of containers) {
    if (!name) throw clientException('Container.name should not be null or empty.');
    if (!/^[\w-]{1,255}$/.test(name)) throw clientException('Container name contains invalid characters.');
    if (names.has(name))
      throw clientException(`Container names must be unique within a task definition: ${name}.`);
    names.add(name);
  }
}

function validateContainer(
  request: RegisterTaskDefinitionRequest,
  container: ContainerDefinition,
  all: ContainerDefinition[],
): void {
  const { name, image, memory, memoryReservation, secrets, dependsOn = [] } = container;
  const invalid = `Invalid setting for container '${name}'.`;
  if (!image) throw clientException('Container.image should not be null or empty.');
  if (request.memory === undefined && memory === undefined && memoryReservation === undefined) {
    throw clientException(`${invalid} At least one of 'memory' or 'memoryReservation' must be specified.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memory < memoryReservation) {
    throw clientException(`${invalid} 'memory' must be greater than or equal to 'memoryReservation'.`);
  }
  if (secrets?.length && !request.executionRoleArn) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  for (const { containerName } of dependsOn) {
    if (containerName === name || !all.some((other) => other.name === containerName)) {
      throw clientException(
        `${invalid} Container dependency '${containerName}' is not a container of this task definition.`,
      );
    }
  }
  validatePorts(request, container);
}

function validatePorts(
  { networkMode }: RegisterTaskDefinitionRequest,
  { name, portMappings = [] }: ContainerDefinition,
): void {
  const seen = new Set<string>();
  for (const { containerPort = 0, hostPort, protocol = 'tcp' } of portMappings) {
    if (containerPort < 1 || containerPort > 65_535) {
      throw clientException(`Invalid 'containerPort' setting for container '${name}'.`);
    }
    if (hostPort !== undefined && (hostPort < 0 || hostPort > 65_535)) {
      throw clientException(`Invalid 'hostPort' setting for container '${name}'.`);
    }
    if (networkMode === 'awsvpc' && hostPort !== undefined && hostPort !== containerPort) {
      throw clientException(
        'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
      );
    }
    if (networkMode === 'host' && hostPort && hostPort !== containerPort) {
      throw clientException(
        'When networkMode=host, the host ports and container ports in port mappings must match.',
      );
    }
    const key = `${hostPort}/${protocol}`;
    if (hostPort && seen.has(key))
      throw clientException(`Duplicate host port ${hostPort} in container '${name}'.`);
    seen.add(key);
  }
}

function validateForFargate({ cpu, memory, networkMode }: RegisterTaskDefinitionRequest): void {
  if (networkMode !== 'awsvpc') throw clientException("Fargate only supports network mode 'awsvpc'.");
  if (cpu === undefined) throw clientException("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined)
    throw clientException("Fargate requires that 'memory' be defined at the task level.");
  if (isFargateSize(units(cpu, 1024), units(memory, 1024))) return;
  throw clientException(
    `No Fargate configuration exists for given values: ${units(cpu, 1024)} CPU, ${units(memory, 1024)} memory. ` +
      'See the Amazon ECS documentation for the valid values.',
  );
}
