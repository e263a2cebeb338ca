import { type FailureReading, readFailure } from '#lib/deployment/ending/failure.ts';
import type { ErrorDetails, HistoryEvent } from '#lib/deployment/history-event.ts';
import { RecordedFailure, type Step } from './record.ts';

/** A record has to fit an item (400 KB): of a deployment that was re-driven again and again the newest steps are kept. */
const MOST_STEPS = 300;

interface Turn {
  state: string;
  startedAt: number;
  until: number;
  attempts: number;
  looks: number;
  isOver: boolean;
  /** The function that is scheduled next looks again, which is no attempt. */
  isLook: boolean;
  error?: string | undefined;
}

/**
 * The states that an execution has been through, in the order in which it entered them, over all its runs. Choices take
 * no time and are left out. A Wait belongs to the Task before it, and so does that Task's next turn: CheckHealth, which
 * looks until the targets are healthy, is one step with so many looks. A heartbeat that runs out is part of waiting:
 * looking again then counts neither as a look nor as an attempt. A redrive begins with the step that failed.
 */
export function stepsOf(events: readonly HistoryEvent[]): Step[] {
  const turns: Turn[] = [];
  for (const event of events) follow(turns, event);
  return turns.slice(-MOST_STEPS).map(stepOf);
}

function follow(turns: Turn[], event: HistoryEvent): void {
  const { type = '' } = event;
  const at = event.timestamp?.getTime() ?? 0;
  if (type === 'TaskStateEntered' || type === 'SucceedStateEntered')
    enter(turns, event.stateEnteredEventDetails?.name ?? '', at);
  if (type === 'TaskScheduled') schedule(turns, at);
  const turn = turns.at(-1);
  if (turn === undefined || turn.isOver) return;
  const details = failureOf(event);
  if (details !== undefined) Object.assign(turn, { error: details.error, isLook: type === 'TaskTimedOut' });
  // A retry that went well: what failed before it is not the outcome.
  if (type === 'TaskSucceeded') turn.error = undefined;
  if (event.stateExitedEventDetails !== undefined && type !== 'ChoiceStateExited') turn.until = at;
  if (type in ENDS) {
    Object.assign(turn, { until: at, isOver: true });
    turn.error ??= ENDS[type];
  }
}

/** What the step that was under way fails with where the event does not say. */
const ENDS: Record<string, string | undefined> = {
  ExecutionSucceeded: undefined,
  ExecutionFailed: undefined,
  ExecutionAborted: 'ExecutionAborted',
  ExecutionTimedOut: 'States.Timeout',
};

const failureOf = (event: HistoryEvent): ErrorDetails | undefined =>
  event.taskFailedEventDetails ??
  event.taskTimedOutEventDetails ??
  event.taskStartFailedEventDetails ??
  event.taskSubmitFailedEventDetails ??
  event.executionFailedEventDetails;

function enter(turns: Turn[], state: string, at: number): void {
  const last = turns.at(-1);
  if (last?.state === state && !last.isOver) {
    last.looks += 1;
    last.isLook = true;
    return;
  }
  if (last !== undefined) last.isOver = true;
  turns.push({ state, startedAt: at, until: at, attempts: 0, looks: 1, isOver: false, isLook: false });
}

function schedule(turns: Turn[], at: number): void {
  // Re-driven: the Task that failed is scheduled again without being entered.
  if (turns.at(-1)?.isOver) enter(turns, turns.at(-1)?.state ?? '', at);
  const turn = turns.at(-1);
  if (turn === undefined) return;
  if (!turn.isLook) turn.attempts += 1;
  turn.isLook = false;
}

function stepOf({ state, startedAt, until, attempts, looks, isOver, error }: Turn): Step {
  return {
    state,
    startedAt,
    endedAt: isOver ? until : null,
    attempts: Math.max(attempts, 1),
    ...(looks > 1 ? { looks } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

/** The steps and the failure that an execution's history shows. */
export const summarizeHistory = (events: readonly HistoryEvent[]) => ({
  steps: stepsOf(events),
  failure: findFailure(events),
});

/** HaltDeployment only repeats what failed before it; being displaced is no failure. */
const isTold = (state: string, error: string) => state !== 'HaltDeployment' && error !== 'Superseded';

/**
 * What the last run of an execution failed with: the first failure that was caught, because what fails after that is
 * the way back. Undefined where no state has failed.
 */
function findFailure(events: readonly HistoryEvent[]): FailureReading | undefined {
  let state = '';
  let failed: ErrorDetails | undefined;
  let first: FailureReading | undefined;
  for (const event of events) {
    const { type = '' } = event;
    if (type === 'ExecutionRedriven') first = undefined;
    if (type === 'TaskStateEntered') state = event.stateEnteredEventDetails?.name ?? '';
    if (type === 'TaskSucceeded' || type === 'TaskStateEntered') failed = undefined;
    failed = failureOf(event) ?? failed;
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
