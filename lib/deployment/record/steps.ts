import type { HistoryEvent } from '#lib/deployment/history-event.ts';
import { errorIn, findFailure } from './caught-failure.ts';
import type { Step } from './record.ts';

/** A record has to fit an item (400 KB): of a deployment that was re-driven again and again the newest steps are kept. */
const MOST_STEPS = 300;

/** A state that the execution is in. */
interface Turn {
  state: string;
  startedAt: number;
  /** When it was entered or exited last. */
  until: number;
  attempts: number;
  looks: number;
  /** What the function that is scheduled next does. */
  next: 'attempt' | 'look';
  error?: string | undefined;
}

/** An execution as far as its events have been read: the steps that are over, and the turn under way. */
interface Course {
  steps: readonly Step[];
  turn?: Turn | undefined;
}

type Transition = (course: Course, event: HistoryEvent) => Course;

/**
 * The states that an execution has been through, in the order in which it entered them, over all its runs.
 *
 * - Choices take no time: they are left out.
 * - A Wait belongs to the Task before it, and so does that Task's next turn. CheckHealth, which looks until the targets
 *   are healthy, is one step with so many looks.
 * - A heartbeat that runs out is part of waiting: looking again then counts neither as a look nor as an attempt.
 * - A redrive begins with the step that failed.
 */
export function stepsOf(events: readonly HistoryEvent[]): Step[] {
  const { steps, turn } = events.reduce<Course>(
    (course, event) => TRANSITIONS[event.type ?? '']?.(course, event) ?? course,
    { steps: [] },
  );
  return [...steps, ...(turn === undefined ? [] : [stepOf(turn, null)])].slice(-MOST_STEPS);
}

/** The turn under way after this event. Where none is, the event changes nothing. */
const changeTurn =
  (change: (turn: Turn, event: HistoryEvent) => Turn): Transition =>
  (course, event) =>
    course.turn === undefined ? course : { ...course, turn: change(course.turn, event) };

const enter: Transition = (course, event) => {
  const state = event.stateEnteredEventDetails?.name ?? '';
  // A Task that comes round again, after its Wait: the same step looks once more.
  if (course.turn?.state === state)
    return { ...course, turn: { ...course.turn, looks: course.turn.looks + 1, next: 'look' } };
  return begin(endTurn(course), state, timeOf(event));
};

const schedule: Transition = (course, event) => {
  // Re-driven: the Task that failed is scheduled again without being entered.
  const failed = course.turn === undefined ? course.steps.at(-1) : undefined;
  const current = failed === undefined ? course : begin(course, failed.state, timeOf(event));
  return countAttempt(current, event);
};

const countAttempt = changeTurn((turn) => ({
  ...turn,
  attempts: turn.attempts + (turn.next === 'attempt' ? 1 : 0),
  next: 'attempt',
}));

const fail = (next: Turn['next']): Transition =>
  changeTurn((turn, event) => ({ ...turn, error: errorIn(event)?.error, next }));

/** A retry that went well: what failed before it is not the outcome. */
const succeed = changeTurn((turn) => ({ ...turn, error: undefined }));

const exit = changeTurn((turn, event) => ({ ...turn, until: timeOf(event) }));

/** The end of the execution ends the step under way. `error`: what that fails with where the event does not say. */
const end = (error?: string): Transition => {
  const stop = changeTurn((turn, event) => ({
    ...turn,
    until: timeOf(event),
    error: errorIn(event)?.error ?? turn.error ?? error,
  }));
  return (course, event) => endTurn(stop(course, event));
};

/** What each event of an execution's history makes of its course. Events that are not here tell nothing of steps. */
const TRANSITIONS: Record<string, Transition> = {
  TaskStateEntered: enter,
  SucceedStateEntered: enter,
  TaskScheduled: schedule,
  TaskSucceeded: succeed,
  TaskFailed: fail('attempt'),
  TaskStartFailed: fail('attempt'),
  TaskSubmitFailed: fail('attempt'),
  TaskTimedOut: fail('look'),
  TaskStateExited: exit,
  WaitStateExited: exit,
  SucceedStateExited: exit,
  ExecutionSucceeded: end(),
  ExecutionFailed: end(),
  ExecutionAborted: end('ExecutionAborted'),
  ExecutionTimedOut: end('States.Timeout'),
};

const begin = (course: Course, state: string, at: number): Course => ({
  ...course,
  turn: { state, startedAt: at, until: at, attempts: 0, looks: 1, next: 'attempt' },
});

const endTurn = ({ steps, turn }: Course): Course =>
  turn === undefined ? { steps } : { steps: [...steps.slice(1 - MOST_STEPS), stepOf(turn, turn.until)] };

const timeOf = ({ timestamp }: HistoryEvent) => timestamp?.getTime() ?? 0;

const stepOf = ({ state, startedAt, attempts, looks, error }: Turn, endedAt: number | null): Step => ({
  state,
  startedAt,
  endedAt,
  attempts: Math.max(attempts, 1),
  ...(looks > 1 ? { looks } : {}),
  ...(error === undefined ? {} : { error }),
});

/** The steps and the failure that an execution's history shows. */
export const summarizeHistory = (events: readonly HistoryEvent[]) => ({
  steps: stepsOf(events),
  failure: findFailure(events),
});
