import type { NetworkConfiguration, TaskDefinition } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

export function requireCompatible(definition: TaskDefinition, launchType: 'EC2' | 'FARGATE'): void {
  const { compatibilities = [], requiresCompatibilities = compatibilities } = definition;
  if (requiresCompatibilities.includes(launchType) && compatibilities.includes(launchType)) return;
  throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}

export function requireNetwork(
  definition: TaskDefinition,
  configuration: NetworkConfiguration | undefined,
): void {
  const awsvpc = definition.networkMode === 'awsvpc';
  if (awsvpc && !configuration?.awsvpcConfiguration?.subnets?.length) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (!awsvpc && configuration?.awsvpcConfiguration) {
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
  }
}
