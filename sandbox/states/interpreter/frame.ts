import type { Json, JsonObject } from '../json.ts';
import { contextObject } from './context-object.ts';
import type { QueryLanguage, State, StatesBlock } from './definition.ts';
import type { Environment, Identity } from './environment.ts';
import { runtimeError, type StateError } from './errors.ts';
import type { Cursor } from './history.ts';
import type { Progress } from './progress.ts';

/** One attempt at an execution: the first one, or a redrive. */
export interface Run {
  environment: Environment;
  identity: Identity;
  input: Json;
  startTime: string;
  redriveCount: number;
  redriveTime?: string;
  /** The query language of the machine, for states that name none. */
  queryLanguage: QueryLanguage;
}

/** A line of control: the machine, a branch of a Parallel, an iteration of a Map. */
export interface Line {
  run: Run;
  block: StatesBlock;
  cursor: Cursor;
  progress: Progress;
  signal: AbortSignal;
  mapItem?: { index: number; value: Json };
}

/** One visit to a state. */
export interface Frame {
  line: Line;
  name: string;
  state: State;
  /** The state input, before InputPath. */
  input: Json;
  queryLanguage: QueryLanguage;
  signal: AbortSignal;
  retryCount?: number;
  taskToken?: string;
}

export function queryLanguageOf(line: Line, state: State): QueryLanguage {
  return state.QueryLanguage ?? line.run.queryLanguage;
}

/** The context object as this state sees it now. */
export function contextOf(frame: Frame, mapItem = frame.line.mapItem): JsonObject {
  const { run, progress } = frame.line;
  return contextObject({
    identity: run.identity,
    input: run.input,
    startTime: run.startTime,
    redriveCount: run.redriveCount,
    redriveTime: run.redriveTime,
    state: {
      name: frame.name,
      enteredTime: progress.entered?.time ?? '',
      retryCount: frame.retryCount,
    },
    inTask: frame.state.Type === 'Task',
    taskToken: frame.taskToken,
    mapItem,
  });
}

/** AWS opens every cause that the interpreter itself words with where it happened. */
export function located(frame: Frame, message: string): string {
  const id = frame.line.progress.entered?.id ?? 0;
  return `An error occurred while executing the state '${frame.name}' (entered at the event id #${id}). ${message}`;
}

export function runtimeFailure(frame: Frame, message: string): StateError {
  return runtimeError(located(frame, message));
}

/**
 * Writes a failed evaluation into the history, once. What fails before the state has done anything is recorded
 * behind the event that the StateEntered stands behind, as if both came from one decision (recorded behaviour).
 */
export function report(frame: Frame, failure: StateError): void {
  if (failure.evaluation === undefined || failure.reported) return;
  failure.reported = true;
  const { cursor, progress } = frame.line;
  const { location } = failure.evaluation;
  if (cursor.previous === progress.entered?.id && failure.evaluation.atEntry !== false) {
    cursor.previous = progress.entered.after;
  }
  cursor.advance('EvaluationFailed', {
    evaluationFailedEventDetails: {
      error: failure.error,
      cause: failure.reason,
      ...(location === undefined ? {} : { location }),
      state: frame.name,
    },
  });
}
