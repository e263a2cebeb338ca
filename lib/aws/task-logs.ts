import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTasksCommand, type ECSClient, type Task, type TaskDefinition } from '@aws-sdk/client-ecs';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { client } from './clients.ts';
import { ecsClient } from './ecs/client.ts';
import { createTaskDefinitions, type TaskDefinitions } from './ecs/task-definitions.ts';
import { environment } from './environment.ts';
import { hasName } from './faults.ts';

/** The container of a task, and where it writes to when its definition does not say. */
export interface LogSource {
  cluster: string;
  taskArn: string;
  container: string;
  logGroup?: string;
}

/** A stream of CloudWatch Logs. */
export interface LogStream {
  logGroupName: string;
  logStreamName: string;
}

/** A part of a stream, oldest event first. Times are epoch milliseconds. */
export interface LogPage {
  events: { at: number; message: string }[];
  /** Where to go on, also at the end of what there is; absent where there is no such stream (yet). */
  next?: string;
}

/** From where a stream is read: its end, its beginning, or where a page before ended. */
export type LogStart = 'tail' | 'head' | { after: string };

export interface TaskLogs {
  /**
   * The last lines that a container of a task wrote to CloudWatch Logs; empty when it writes elsewhere or the log
   * cannot be read: a failure is told with or without its log.
   */
  tail(source: LogSource, lines?: number): Promise<string[]>;
  /** One page of a stream. Fails with InvalidRequest where `after` is no longer good: CloudWatch Logs keeps it for a day. */
  read(stream: LogStream, start: LogStart, limit: number): Promise<LogPage>;
}

export function createTaskLogs(
  logs = client(CloudWatchLogsClient),
  ecs: ECSClient = ecsClient(),
  taskDefinitions: Pick<TaskDefinitions, 'describe'> = createTaskDefinitions(ecs),
): TaskLogs {
  async function read(stream: LogStream, start: LogStart, limit: number): Promise<LogPage> {
    try {
      const { events, nextForwardToken } = await logs.send(
        new GetLogEventsCommand({
          ...stream,
          limit,
          startFromHead: start !== 'tail',
          ...(typeof start === 'string' ? {} : { nextToken: start.after }),
        }),
      );
      return {
        events: (events ?? []).map(({ timestamp = 0, message = '' }) => ({ at: timestamp, message })),
        ...(nextForwardToken === undefined ? {} : { next: nextForwardToken }),
      };
    } catch (error) {
      // The driver makes the stream when the container starts.
      if (hasName(error, 'ResourceNotFoundException')) return { events: [] };
      if (typeof start === 'object' && hasName(error, 'InvalidParameterException'))
        throw new DeploymentError('InvalidRequest', 'the cursor is more than a day old', { cause: error });
      throw error;
    }
  }

  return {
    read,

    async tail({ cluster, taskArn, container, logGroup }, limit = 10) {
      try {
        const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
        const definition = await taskDefinitions.describe(tasks?.[0]?.taskDefinitionArn ?? '');
        const stream = streamOf({ taskArn, ...tasks?.[0] }, container, definition, logGroup);
        if ('problem' in stream) return [];
        return (await read(stream, 'tail', limit)).events.map(({ message }) => message);
      } catch {
        return [];
      }
    },
  };
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
  if (region !== undefined && region !== environment('AWS_REGION'))
    return { problem: `it writes its log to ${region}` };
  const prefix = options['awslogs-stream-prefix'];
  if (prefix !== undefined)
    return { logGroupName, logStreamName: `${prefix}/${container}/${task.taskArn?.split('/').at(-1)}` };
  const runtimeId = task.containers?.find((each) => each.name === container)?.runtimeId;
  return runtimeId === undefined
    ? { problem: 'it has not been started' }
    : { logGroupName, logStreamName: runtimeId };
}

/** A failure is told with the last lines of the container that caused it. */
export async function withLogTail(
  logs: Pick<TaskLogs, 'tail'>,
  error: DeploymentError,
  { cluster, logGroup }: Pick<ServiceSettings, 'cluster' | 'logGroup'>,
): Promise<DeploymentError> {
  const { taskArn, container } = error.detail;
  if (taskArn === undefined || container === undefined) return error;
  const logTail = await logs.tail({ cluster, taskArn, container, logGroup });
  return Object.assign(error, { detail: { ...error.detail, logTail } });
}
