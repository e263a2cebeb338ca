import type { Generation } from '#sandbox/simulation/load-balancers.ts';

export interface TaskDefinitionFile {
  containerDefinitions: Record<string, unknown>[];
  [member: string]: unknown;
}

export type ServiceFile = Record<string, unknown>;

/**
 * The seed's files as they would be behind a target group: tasks on dynamic host ports of the instances, or on
 * Fargate, where the targets are the tasks' own addresses.
 */
export function modernize(
  generation: Generation,
  targetGroupArn: string,
  taskDefinition: TaskDefinitionFile,
  service: ServiceFile,
): void {
  delete service.role;
  service.loadBalancers = [{ targetGroupArn, containerName: 'webapp', containerPort: 80 }];
  for (const container of taskDefinition.containerDefinitions)
    container.portMappings = [{ containerPort: 80, protocol: 'tcp' }];
  if (generation === 'instance') return;
  service.launchType = 'FARGATE';
  service.networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'] } };
  Object.assign(taskDefinition, {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '512',
    memory: '1024',
  });
}
