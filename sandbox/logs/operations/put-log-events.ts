import type {
  InputLogEvent,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { invalidParameter } from '../errors.ts';
import { type LogStore, sizeOf } from '../store.ts';

const maximumBatch = 1_048_576;
const maximumEvents = 10_000;
const hour = 3600 * 1000;

/**
 * Takes a batch within the limits of the API reference. Events more than two hours ahead, older than 14 days
 * or older than the retention are rejected by index while the others are taken.
 */
export function putLogEvents(store: LogStore, { clock }: SandboxContext) {
  return (input: PutLogEventsRequest): PutLogEventsResponse => {
    const group = store.findGroup(input.logGroupName);
    const stream = store.findStream(group, input.logStreamName);
    const events = input.logEvents ?? [];
    validate(events);
    const now = clock.now();
    const oldest = now - 14 * 24 * hour;
    const retained = group.retentionInDays ? now - group.retentionInDays * 24 * hour : oldest;
    const isTaken = ({ timestamp = 0 }: InputLogEvent) =>
      timestamp <= now + 2 * hour && timestamp >= Math.max(oldest, retained);
    for (const event of events.filter(isTaken)) {
      store.append(group, stream, event.message ?? '', event.timestamp ?? 0);
    }
    const rejected = rejections(events, now, oldest, retained);
    return { nextSequenceToken: '1', ...(rejected && { rejectedLogEventsInfo: rejected }) };
  };
}

function validate(events: InputLogEvent[]): void {
  const inOrder = events.every(
    (event, index) => (event.timestamp ?? 0) >= (events[index - 1]?.timestamp ?? 0),
  );
  if (!inOrder) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if (events.length > maximumEvents) {
    throw invalidParameter(`Log event count exceeds the limit of ${maximumEvents}.`);
  }
  const size = events.reduce((sum, event) => sum + sizeOf(event.message ?? ''), 0);
  if (size > maximumBatch) {
    throw invalidParameter(`Upload too large: ${size} bytes exceeds limit of ${maximumBatch}`);
  }
}

function rejections(
  events: InputLogEvent[],
  now: number,
  oldest: number,
  retained: number,
): RejectedLogEventsInfo | undefined {
  const before = (limit: number) => events.filter((event) => (event.timestamp ?? 0) < limit).length;
  const tooNew = events.findIndex((event) => (event.timestamp ?? 0) > now + 2 * hour);
  const info = {
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
    ...(before(oldest) > 0 && { tooOldLogEventEndIndex: before(oldest) }),
    ...(retained > oldest && before(retained) > 0 && { expiredLogEventEndIndex: before(retained) }),
  };
  return Object.keys(info).length > 0 ? info : undefined;
}
