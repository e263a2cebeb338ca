import type { Image } from '#sandbox/containers/image.ts';
import type { ContainerRecord, Ecs, TaskRecord } from '../state.ts';

/**
 * The environment of one container, later entries first: what stands for the network and the agent (PORT,
 * AWS_…), the task's overrides, its secrets, its own variables, the sandbox's defaults, the image's.
 *
 * `PORT` is the stand-in for a network namespace: the process listens there, not on its published container
 * port. With several published ports each one is also told as `PORT_CONTAINERPORT`.
 */
export function environmentOf(
  ecs: Ecs,
  record: TaskRecord,
  container: ContainerRecord,
  image: Image,
  secrets: ReadonlyMap<string, string>,
  ports: { containerPort: number; realPort: number }[],
): Record<string, string> {
  const { definition, task } = record;
  const { name, environment = [], secrets: references = [] } = container.definition;
  const { taskEnvironment } = ecs.options;
  const override = task.overrides?.containerOverrides?.find((one) => one.name === name);
  return {
    ...image.config.environment,
    ...(typeof taskEnvironment === 'function' ? taskEnvironment(definition) : taskEnvironment),
    ...pairs(environment),
    ...pairs(references.map((secret) => ({ name: secret.name, value: secrets.get(secret.valueFrom ?? '') }))),
    ...pairs(override?.environment ?? []),
    ...agentEnvironment(ecs, record),
    ...Object.fromEntries(
      ports.map(({ containerPort, realPort }) => [`PORT_${containerPort}`, String(realPort)]),
    ),
    ...(ports[0] && { PORT: String(ports[0].realPort) }),
  };
}

function agentEnvironment(ecs: Ecs, record: TaskRecord): Record<string, string> {
  const { region } = ecs.context;
  const role = record.task.overrides?.taskRoleArn ?? record.definition.taskRoleArn;
  const credentials = role === undefined ? undefined : ecs.needs.iam.issueCredentials(role, record.id);
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: ecs.context.endpoint(),
    AWS_EXECUTION_ENV: `AWS_ECS_${record.task.launchType}`,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(credentials && {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    }),
  };
}

function pairs(entries: { name?: string; value?: string }[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ name, value }) => [name ?? '', value ?? '']));
}
