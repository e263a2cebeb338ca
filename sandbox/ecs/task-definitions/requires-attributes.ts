import type { Attribute, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';

/** What the agents of this sandbox's instances can do, as attributes. */
export const agentCapabilities = [
  'com.amazonaws.ecs.capability.ecr-auth',
  'com.amazonaws.ecs.capability.logging-driver.awslogs',
  'com.amazonaws.ecs.capability.logging-driver.json-file',
  'com.amazonaws.ecs.capability.task-iam-role',
  'com.amazonaws.ecs.capability.docker-remote-api.1.17',
  'com.amazonaws.ecs.capability.docker-remote-api.1.18',
  'com.amazonaws.ecs.capability.docker-remote-api.1.19',
  'ecs.capability.execution-role-ecr-pull',
  'ecs.capability.execution-role-awslogs',
  'ecs.capability.secrets.asm.environment-variables',
  'ecs.capability.secrets.ssm.environment-variables',
  'ecs.capability.container-health-check',
  'ecs.capability.container-ordering',
  'ecs.capability.task-eni',
];

/** The capabilities that a task definition asks of an instance. */
export function requiredAttributes(definition: RegisterTaskDefinitionRequest): Attribute[] {
  const { containerDefinitions = [], executionRoleArn, taskRoleArn, networkMode } = definition;
  const drivers = containerDefinitions.flatMap(({ logConfiguration }) => logConfiguration?.logDriver ?? []);
  const secrets = containerDefinitions.flatMap((container) => container.secrets ?? []);
  const fromEcr = containerDefinitions.some(({ image }) =>
    /\.dkr\.ecr\..+\.amazonaws\.com/.test(image ?? ''),
  );
  const names = [
    ...drivers.map((driver) => `com.amazonaws.ecs.capability.logging-driver.${driver}`),
    ...(fromEcr ? ['com.amazonaws.ecs.capability.ecr-auth'] : []),
    ...(fromEcr && executionRoleArn ? ['ecs.capability.execution-role-ecr-pull'] : []),
    ...(drivers.includes('awslogs') && executionRoleArn ? ['ecs.capability.execution-role-awslogs'] : []),
    ...(taskRoleArn ? ['com.amazonaws.ecs.capability.task-iam-role'] : []),
    ...secrets.map(({ valueFrom }) =>
      valueFrom?.includes(':secretsmanager:')
        ? 'ecs.capability.secrets.asm.environment-variables'
        : 'ecs.capability.secrets.ssm.environment-variables',
    ),
    ...(containerDefinitions.some(({ healthCheck }) => healthCheck)
      ? ['ecs.capability.container-health-check']
      : []),
    ...(containerDefinitions.some(({ dependsOn }) => dependsOn?.length)
      ? ['ecs.capability.container-ordering']
      : []),
    ...(networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
    'com.amazonaws.ecs.capability.docker-remote-api.1.18',
  ];
  return [...new Set(names)].map((name) => ({ name }));
}
