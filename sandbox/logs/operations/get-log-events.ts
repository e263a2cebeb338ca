import type { GetLogEventsRequest, GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter } from '../errors.ts';
import type { LogEvent, LogStore } from '../store.ts';

const firstKey = '0'.repeat(56);

/**
 * Pages through one stream in both directions. At an end of the stream the token comes back unchanged, which
 * is how a reader knows ("If you have reached the end of the stream, it returns the same token you passed in").
 */
export function getLogEvents(store: LogStore) {
  return (input: GetLogEventsRequest): GetLogEventsResponse => {
    const group = store.findGroup(input.logGroupName ?? input.logGroupIdentifier);
    const stream = store.findStream(group, input.logStreamName);
    const within = store
      .visible(group, stream)
      .filter(
        ({ timestamp }) =>
          timestamp >= (input.startTime ?? 0) && timestamp < (input.endTime ?? Number.POSITIVE_INFINITY),
      );
    const token = parseToken(input.nextToken);
    const chosen = choose(within, token, input.limit ?? 10_000, input.startFromHead ?? false);
    const edge = token?.key ?? within.at(-1)?.key ?? firstKey;
    return {
      events: chosen.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: `f/${chosen.at(-1)?.key ?? edge}/s`,
      nextBackwardToken: `b/${chosen[0]?.key ?? edge}/s`,
    };
  };
}

interface Token {
  direction: 'f' | 'b';
  key: string;
}

function parseToken(token: string | undefined): Token | undefined {
  if (token === undefined) return undefined;
  const [, direction, key] = /^([fb])\/(\d{56})\/s$/.exec(token) ?? [];
  if (!direction || !key) throw invalidParameter('The specified nextToken is invalid.');
  return { direction: direction as 'f' | 'b', key };
}

function choose(events: LogEvent[], token: Token | undefined, limit: number, fromHead: boolean): LogEvent[] {
  if (token?.direction === 'f') return events.filter(({ key }) => key > token.key).slice(0, limit);
  if (token?.direction === 'b') return events.filter(({ key }) => key < token.key).slice(-limit);
  return fromHead ? events.slice(0, limit) : events.slice(-limit);
}
