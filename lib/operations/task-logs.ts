import { createTaskDefinitions, type TaskDefinition } from '#lib/aws/ecs/task-definitions.ts';
import { createTasks, type Task } from '#lib/aws/ecs/tasks.ts';
import { createLogStreams } from '#lib/aws/log-streams.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';
import { warn } from '#lib/aws/sdk/logger.ts';
import type { DeploymentError } from '#lib/deployment/errors.ts';
import type { LogStream } from '#lib/deployment/log-stream.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';

const tasks = createTasks();
const taskDefinitions = createTaskDefinitions();
const streams = createLogStreams(warn);

/** Lines of the log that go with a failure. */
const LINES = 10;

/** Adds the last lines of the container that caused the failure. */
export async function withLogTail(
  error: DeploymentError,
  { cluster, logGroup }: Pick<ServiceSettings, 'cluster' | 'logGroup'>,
): Promise<DeploymentError> {
  const { taskArn, container } = error.detail;
  if (taskArn === undefined || container === undefined) return error;
  const logTail = await readTail({ cluster, taskArn, container, logGroup });
  return Object.assign(error, { detail: { ...error.detail, logTail } });
}

/** The container of a task, and where it writes to when its definition does not say. */
interface LogSource {
  cluster: string;
  taskArn: string;
  container: string;
  logGroup?: string;
}

/**
 * The last lines that a container of a task wrote to CloudWatch Logs; empty when it writes elsewhere, and, with a
 * warning, where its log cannot be found or read: a failure is reported with or without its log.
 */
async function readTail(source: LogSource): Promise<string[]> {
  try {
    const stream = await findStream(source);
    return stream === undefined ? [] : await streams.tail(stream, LINES);
  } catch (error) {
    warn(`The log of ${source.container} of ${source.taskArn} cannot be found`, error as Error);
    return [];
  }
}

async function findStream({ cluster, taskArn, container, logGroup }: LogSource) {
  const task = await tasks.find(cluster, taskArn);
  const definition = await taskDefinitions.describe(task?.taskDefinitionArn ?? '');
  const stream = streamOf({ taskArn, ...task }, container, definition, logGroup);
  return 'problem' in stream ? undefined : stream;
}

/**
 * The stream that the awslogs driver writes: with a prefix prefix/container/task; without one, as when the driver is the
 * Docker daemon's default, the container's id in Docker. `problem`: why there is none that could be read here.
 */
export function streamOf(
  task: Task,
  container: string,
  definition: TaskDefinition | undefined,
  logGroup: string | undefined,
): LogStream | { problem: string } {
  if (definition === undefined) return { problem: 'its task definition is gone' };
  const configuration = definition.containerDefinitions?.find(
    (each) => each.name === container,
  )?.logConfiguration;
  const { logDriver = 'awslogs', options = {} } = configuration ?? {};
  const logGroupName = configuration === undefined ? logGroup : options['awslogs-group'];
  if (logDriver !== 'awslogs') return { problem: `it writes its log with the driver ${logDriver}` };
  if (logGroupName === undefined)
    return {
      problem: 'its task definition has no logConfiguration, and services.yml no logGroup for the service',
    };
  const region = options['awslogs-region'];
  if (region !== undefined && region !== requireEnvironment('AWS_REGION'))
    return { problem: `it writes its log to ${region}` };
  const prefix = options['awslogs-stream-prefix'];
  if (prefix !== undefined)
    return { logGroupName, logStreamName: `${prefix}/${container}/${task.taskArn?.split('/').at(-1)}` };
  const runtimeId = task.containers?.find((each) => each.name === container)?.runtimeId;
  return runtimeId === undefined
    ? { problem: 'it has not been started' }
    : { logGroupName, logStreamName: runtimeId };
}
