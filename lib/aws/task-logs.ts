import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { DeploymentError } from '#lib/deployment/errors.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { client } from './clients.ts';
import { ecsClient } from './ecs/client.ts';
import { createTaskDefinitions, type TaskDefinitions } from './ecs/task-definitions.ts';

/** The container of a task, and where it writes to when its definition does not say. */
export interface LogSource {
  cluster: string;
  taskArn: string;
  container: string;
  logGroup?: string;
}

export interface TaskLogs {
  /**
   * The last lines that a container of a task wrote to CloudWatch Logs; empty when it writes elsewhere or the log
   * cannot be read: a failure is told with or without its log.
   */
  tail(source: LogSource, lines?: number): Promise<string[]>;
}

export function createTaskLogs(
  logs = client(CloudWatchLogsClient),
  ecs: ECSClient = ecsClient(),
  taskDefinitions: TaskDefinitions = createTaskDefinitions(ecs),
): TaskLogs {
  /**
   * The stream that the awslogs driver writes: with a prefix prefix/container/task; without one, as when the driver
   * is the Docker daemon's default, the container's id in Docker.
   */
  async function streamOf({ cluster, taskArn, container, logGroup }: LogSource) {
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
    const task = tasks?.[0];
    const definition = await taskDefinitions.describe(task?.taskDefinitionArn ?? '');
    const configuration = definition?.containerDefinitions?.find(
      (each) => each.name === container,
    )?.logConfiguration;
    const logGroupName = configuration === undefined ? logGroup : configuration.options?.['awslogs-group'];
    const prefix = configuration?.options?.['awslogs-stream-prefix'];
    const logStreamName =
      prefix === undefined
        ? task?.containers?.find((each) => each.name === container)?.runtimeId
        : `${prefix}/${container}/${taskArn.split('/').at(-1)}`;
    return { logGroupName, logStreamName };
  }

  return {
    async tail(source, limit = 10) {
      try {
        const stream = await streamOf(source);
        if (stream.logGroupName === undefined || stream.logStreamName === undefined) return [];
        const { events } = await logs.send(
          new GetLogEventsCommand({
            ...stream,
            logStreamName: stream.logStreamName,
            limit,
            startFromHead: false,
          }),
        );
        return (events ?? []).map((event) => event.message ?? '');
      } catch {
        return [];
      }
    },
  };
}

/** A failure is told with the last lines of the container that caused it. */
export async function withLogTail(
  logs: TaskLogs,
  error: DeploymentError,
  { cluster, logGroup }: Pick<ServiceSettings, 'cluster' | 'logGroup'>,
): Promise<DeploymentError> {
  const { taskArn, container } = error.detail;
  if (taskArn === undefined || container === undefined) return error;
  const logTail = await logs.tail({ cluster, taskArn, container, logGroup });
  return Object.assign(error, { detail: { ...error.detail, logTail } });
}
