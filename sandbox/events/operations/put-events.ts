import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { envelope } from '../envelope.ts';
import type { EventsState } from '../state.ts';

/** At most ten entries and 256 KB a request ("PutEvents"). */
const ENTRIES_LIMIT = 10;
const SIZE_LIMIT = 262_144;

export function putEvents(state: EventsState): Operation<PutEventsRequest, PutEventsResponse> {
  return (input) => {
    const entries = input.Entries ?? [];
    if (entries.length < 1 || entries.length > ENTRIES_LIMIT) {
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${ENTRIES_LIMIT}`,
      );
    }
    const size = entries.reduce((total, entry) => total + Buffer.byteLength(JSON.stringify(entry)), 0);
    if (size > SIZE_LIMIT)
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    const results = entries.map((entry) => putEntry(state, entry));
    return {
      FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      Entries: results,
    };
  };
}

function putEntry(
  { context, store, publish }: EventsState,
  entry: PutEventsRequestEntry,
): PutEventsResultEntry {
  const { Source, DetailType, Detail, Resources = [], Time, EventBusName } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (!value)
      return failed(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  }
  if (Source?.startsWith('aws.')) return failed('NotAuthorizedForSource', 'Not authorized for the source.');
  const detail = parseDetail(Detail ?? '');
  if (detail === undefined) return failed('MalformedDetail', 'Detail is malformed.');
  const content = { source: Source ?? '', 'detail-type': DetailType ?? '', resources: Resources, detail };
  const event = envelope(context, content, Time?.getTime());
  // An event for a bus that does not exist is accepted and lost, as in EventBridge.
  const bus = store.buses.get(EventBusName?.replace(/^arn:.*event-bus\//, '') ?? 'default');
  if (bus !== undefined) publish(bus, event);
  return { EventId: event.id };
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    const isObject = typeof detail === 'object' && detail !== null && !Array.isArray(detail);
    return isObject ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function failed(ErrorCode: string, ErrorMessage: string): PutEventsResultEntry {
  return { ErrorCode, ErrorMessage };
}
