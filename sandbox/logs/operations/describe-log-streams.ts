import type {
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as LogStreamShape,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter } from '../errors.ts';
import { pageByName } from '../page.ts';
import type { LogGroup, LogStore, LogStream } from '../store.ts';

export function describeLogStreams(store: LogStore) {
  return (input: DescribeLogStreamsRequest): DescribeLogStreamsResponse => {
    const group = store.findGroup(input.logGroupName ?? input.logGroupIdentifier);
    const byTime = input.orderBy === 'LastEventTime';
    if (byTime && input.logStreamNamePrefix) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const chosen = [...group.streams.values()]
      .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
      .sort(
        (one, other) => (byTime ? lastEvent(one) - lastEvent(other) : 0) || (one.name < other.name ? -1 : 1),
      );
    if (input.descending) chosen.reverse();
    const { items, nextToken } = pageByName(chosen, input.nextToken, input.limit);
    return { logStreams: items.map((stream) => describe(store, group, stream)), nextToken };
  };
}

/** A stream without events counts as old as can be. */
function lastEvent(stream: LogStream): number {
  return stream.events.at(-1)?.timestamp ?? 0;
}

function describe(store: LogStore, group: LogGroup, stream: LogStream): LogStreamShape {
  const events = store.visible(group, stream);
  return {
    logStreamName: stream.name,
    arn: stream.arn,
    creationTime: stream.creationTime,
    firstEventTimestamp: events[0]?.timestamp,
    lastEventTimestamp: events.at(-1)?.timestamp,
    lastIngestionTime: stream.lastIngestionTime,
    storedBytes: 0,
  };
}
