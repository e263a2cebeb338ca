import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { client } from './clients.ts';
import { createTaskDefinitions, type TaskDefinitions } from './ecs/task-definitions.ts';

export interface TaskLogs {
  /**
   * The last lines that a container of a task wrote to CloudWatch Logs; empty when its definition names no awslogs
   * group or the log cannot be read: a failure is told with or without its log.
   */
  tail(taskDefinition: string, taskArn: string, container: string, lines?: number): Promise<string[]>;
}

export function createTaskLogs(
  logs = client(CloudWatchLogsClient),
  taskDefinitions: TaskDefinitions = createTaskDefinitions(),
): TaskLogs {
  return {
    async tail(taskDefinition, taskArn, container, lines = 10) {
      try {
        const definition = await taskDefinitions.describe(taskDefinition);
        const options = definition?.containerDefinitions?.find((each) => each.name === container)
          ?.logConfiguration?.options;
        const group = options?.['awslogs-group'];
        const prefix = options?.['awslogs-stream-prefix'];
        if (group === undefined || prefix === undefined) return [];
        const stream = `${prefix}/${container}/${taskArn.split('/').at(-1)}`;
        const { events } = await logs.send(
          new GetLogEventsCommand({
            logGroupName: group,
            logStreamName: stream,
            limit: lines,
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
