import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { LogStream } from '#lib/deployment/log-stream.ts';
import { clientOf } from './sdk/clients.ts';
import { hasName } from './sdk/faults.ts';
import type { Warn } from './sdk/warn.ts';

/** A part of a stream, oldest event first. Times are epoch milliseconds. */
export interface LogPage {
  events: { at: number; message: string }[];
  /** Where to go on, also at the end of what there is; absent where there is no such stream (yet). */
  next?: string;
}

/** From where a stream is read: its end, its beginning, or where a page before ended. */
export type LogStart = 'tail' | 'head' | { after: string };

export interface LogStreams {
  /** One page of a stream. Fails with InvalidRequest where `after` is no longer good: CloudWatch Logs keeps it for a day. */
  read(stream: LogStream, start: LogStart, limit: number): Promise<LogPage>;
  /**
   * The messages of the last events of a stream, each a line or more; empty, with a warning, where they cannot be read:
   * a failure is reported with or without its log.
   */
  tail(stream: LogStream, limit: number): Promise<string[]>;
}

export function createLogStreams(warn: Warn, logs = clientOf(CloudWatchLogsClient)): LogStreams {
  async function read(stream: LogStream, start: LogStart, limit: number): Promise<LogPage> {
    try {
      const { events, nextForwardToken } = await logs.send(
        new GetLogEventsCommand({
          ...stream,
          limit,
          startFromHead: start !== 'tail',
          nextToken: typeof start === 'string' ? undefined : start.after,
        }),
      );
      return {
        events: (events ?? []).map(({ timestamp = 0, message = '' }) => ({ at: timestamp, message })),
        next: nextForwardToken,
      };
    } catch (error) {
      // Whoever writes the log makes the stream when it starts.
      if (hasName(error, 'ResourceNotFoundException')) return { events: [] };
      if (typeof start === 'object' && hasName(error, 'InvalidParameterException'))
        throw new DeploymentError('InvalidRequest', 'the cursor is more than a day old', { cause: error });
      throw error;
    }
  }

  return {
    read,

    async tail(stream, limit) {
      try {
        return (await read(stream, 'tail', limit)).events.map(({ message }) => message);
      } catch (error) {
        warn(`The log ${stream.logGroupName} ${stream.logStreamName} cannot be read`, error as Error);
        return [];
      }
    },
  };
}
