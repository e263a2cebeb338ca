import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { BuildObservation } from '#lib/deployment/build.ts';
import { client } from './clients.ts';

export interface BuildLogs {
  /**
   * The last events of a build's log, each a line or more; empty when it writes none to CloudWatch Logs, or when it
   * cannot be read: a failure is told with or without its log.
   */
  end(build: Pick<BuildObservation, 'log'>): Promise<string[]>;
}

/** So many lines CodeBuild may add after the last one of a command, and still leave enough of those. */
const LIMIT = 200;

export function createBuildLogs(logs = client(CloudWatchLogsClient)): BuildLogs {
  return {
    async end({ log: { group: logGroupName, stream: logStreamName } = {} }) {
      if (logGroupName === undefined || logStreamName === undefined) return [];
      try {
        const { events } = await logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, limit: LIMIT, startFromHead: false }),
        );
        return (events ?? []).map((event) => event.message ?? '');
      } catch {
        return [];
      }
    },
  };
}
