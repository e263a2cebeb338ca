import { type FailureReading, readFailure } from '#lib/deployment/ending/failure.ts';
import type { ErrorDetails, HistoryEvent } from '#lib/deployment/history-event.ts';
import { RecordedFailure } from './record.ts';

/** What a Task, or the whole execution, failed with by this event; undefined for an event that is no failure. */
export const errorIn = (event: HistoryEvent): ErrorDetails | undefined =>
  event.taskFailedEventDetails ??
  event.taskTimedOutEventDetails ??
  event.taskStartFailedEventDetails ??
  event.taskSubmitFailedEventDetails ??
  event.executionFailedEventDetails;

/** HaltDeployment only repeats what failed before it; being displaced is no failure. */
const isTold = (state: string, error: string) => state !== 'HaltDeployment' && error !== 'Superseded';

/**
 * What the last run of an execution failed with: the first failure that was caught, because what fails after that is
 * the way back. Undefined where no state has failed.
 */
export function findFailure(events: readonly HistoryEvent[]): FailureReading | undefined {
  let state = '';
  let failed: ErrorDetails | undefined;
  let first: FailureReading | undefined;
  for (const event of events) {
    const { type = '' } = event;
    if (type === 'ExecutionRedriven') first = undefined;
    if (type === 'TaskStateEntered') state = event.stateEnteredEventDetails?.name ?? '';
    if (type === 'TaskSucceeded' || type === 'TaskStateEntered') failed = undefined;
    failed = errorIn(event) ?? failed;
    if (type !== 'TaskStateExited' || failed === undefined) continue;
    const { error = '', cause = '' } = failed;
    if (isTold(state, error)) first ??= truncateFailure(readFailure({ state, error, cause }));
  }
  return first;
}

/** Beside up to three hundred steps it has to fit the record, and what a cause carries was written by others. */
function truncateFailure({ state, error, message, detail }: FailureReading): FailureReading {
  const parsed = RecordedFailure.shape.detail.safeParse(detail);
  const { logTail, ...rest } = parsed.success ? parsed.data : {};
  const lines = logTail?.slice(-20).map((line) => line.slice(0, 1_000));
  return {
    state,
    error,
    message: message.slice(0, 4_000),
    detail: {
      ...rest,
      ...(rest.reason === undefined ? {} : { reason: rest.reason.slice(0, 2_000) }),
      ...(lines === undefined ? {} : { logTail: lines }),
    },
  };
}
