import type { FilterLogEventsRequest, FilterLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter } from '../errors.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import type { LogGroup, LogStore, LogStream } from '../store.ts';

/** Searches the streams of one group, interleaved by time. The token is the id of the last event shown. */
export function filterLogEvents(store: LogStore) {
  return (input: FilterLogEventsRequest): FilterLogEventsResponse => {
    const group = store.findGroup(input.logGroupName ?? input.logGroupIdentifier);
    const matches = parseFilterPattern(input.filterPattern);
    const { startTime = 0, endTime = Number.POSITIVE_INFINITY, nextToken = '', limit = 10_000 } = input;
    const found = streamsOf(store, group, input)
      .flatMap((stream) => store.visible(group, stream).map((event) => ({ ...event, stream: stream.name })))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
      .filter(({ key, message }) => key > nextToken && matches(message))
      .sort((one, other) => (one.key < other.key ? -1 : 1));
    const shown = found.slice(0, limit);
    return {
      events: shown.map(({ key, timestamp, ingestionTime, message, stream }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime,
        eventId: key,
      })),
      searchedLogStreams: [],
      ...(found.length > limit && { nextToken: shown.at(-1)?.key }),
    };
  };
}

function streamsOf(store: LogStore, group: LogGroup, input: FilterLogEventsRequest): LogStream[] {
  if (input.logStreamNames && input.logStreamNamePrefix) {
    throw invalidParameter('Log stream names and log stream name prefix are mutually exclusive parameters.');
  }
  if (input.logStreamNames) return input.logStreamNames.map((name) => store.findStream(group, name));
  const prefix = input.logStreamNamePrefix ?? '';
  return [...group.streams.values()].filter((stream) => stream.name.startsWith(prefix));
}
