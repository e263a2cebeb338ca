import * as sdk from '@aws-sdk/client-cloudwatch-logs';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { describeLogGroups } from './operations/describe-log-groups.ts';
import { describeLogStreams } from './operations/describe-log-streams.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import {
  createLogGroup,
  createLogStream,
  deleteLogGroup,
  deleteLogStream,
} from './operations/groups-and-streams.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './operations/put-retention-policy.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { createLogStore } from './store.ts';

/** An event as it was written, for whoever follows the logs live. */
export interface WrittenEvent {
  logGroupName: string;
  logStreamName: string;
  message: string;
  timestamp: number;
}

export interface LogsOptions {
  /** How much text is kept over all groups; older events are given up for newer ones. */
  maximumBytes?: number;
}

/** CloudWatch Logs. */
export interface Logs {
  definition: ServiceDefinition;
  /** Writes one event (of one or more lines), creating group and stream when missing, as the log drivers do. */
  write(logGroupName: string, logStreamName: string, message: string, timestamp?: number): void;
  /** Tells the listener of every event from now on, until the returned function is called. */
  onWrite(listener: (event: WrittenEvent) => void): () => void;
}

export function createLogs(context: SandboxContext, options: LogsOptions = {}): Logs {
  const store = createLogStore(context, options.maximumBytes ?? 64 * 1024 * 1024);
  const listeners = new Set<(event: WrittenEvent) => void>();
  const told: typeof store = {
    ...store,
    append(group, stream, message, timestamp) {
      store.append(group, stream, message, timestamp);
      const event = { logGroupName: group.name, logStreamName: stream.name, message, timestamp };
      for (const listener of listeners) listener(event);
    },
  };

  return {
    definition: {
      signingName: 'logs',
      sdk,
      operations: {
        CreateLogGroup: createLogGroup(told),
        DeleteLogGroup: deleteLogGroup(told),
        DescribeLogGroups: describeLogGroups(told),
        CreateLogStream: createLogStream(told),
        DeleteLogStream: deleteLogStream(told),
        DescribeLogStreams: describeLogStreams(told),
        PutLogEvents: putLogEvents(told, context),
        GetLogEvents: getLogEvents(told),
        FilterLogEvents: filterLogEvents(told),
        PutRetentionPolicy: putRetentionPolicy(told),
        DeleteRetentionPolicy: deleteRetentionPolicy(told),
        TagResource: tagResource(told),
        UntagResource: untagResource(told),
        ListTagsForResource: listTagsForResource(told),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },

    write(logGroupName, logStreamName, message, timestamp = context.clock.now()) {
      const group = store.groups.get(logGroupName) ?? store.createGroup(logGroupName);
      const stream = group.streams.get(logStreamName) ?? store.createStream(group, logStreamName);
      told.append(group, stream, message, timestamp);
    },

    onWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * CloudWatch Logs asks for the ARN of the stream even where an operation is on the group, the stream's name
 * then being empty: its denials read "… on resource: arn:…:log-group:NAME:log-stream:".
 */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `logs:${operation}`;
  if (typeof input.resourceArn === 'string') return [{ action, resources: [input.resourceArn] }];
  const named = String(input.logGroupName ?? input.logGroupIdentifier ?? '');
  const group = named.split(':log-group:').pop()?.replace(/:\*$/, '');
  const resource = `log-group:${group}:log-stream:${input.logStreamName ?? ''}`;
  return [{ action, resources: [arn(context, 'logs', resource)] }];
}
