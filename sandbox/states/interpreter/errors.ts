export interface FailedEvaluation {
  /** The field the expression stood in: `Assign/result`, `Choices[0]/Condition`. */
  location?: string;
  /** False where the value was found unusable only when the state went to work with it. */
  atEntry?: boolean;
}

/**
 * A failure inside an execution: what Retry and Catch match, and what the execution ends with.
 */
export class StateError extends Error {
  override name = 'StateError';
  readonly error: string | undefined;
  readonly reason: string | undefined;
  /**
   * Who may handle it. `none`: States.Runtime ends the execution, even where a Catch names it (recorded
   * behaviour). `named`: only a Retry or Catch that names it, not States.ALL (data limits of a state).
   */
  readonly handling: 'any' | 'named' | 'none';
  /** A JSONata evaluation that failed is written into the history, with the field it stood in. */
  readonly evaluation: FailedEvaluation | undefined;
  /** Whether the history has it already. */
  reported = false;

  constructor(
    error: string | undefined,
    cause: string | undefined,
    options: { handling?: 'any' | 'named' | 'none'; evaluation?: FailedEvaluation } = {},
  ) {
    super(`${error ?? ''}: ${cause ?? ''}`);
    this.error = error;
    this.reason = cause;
    this.handling = options.handling ?? 'any';
    this.evaluation = options.evaluation;
  }
}

/** A failure that the definition or the data brought about, and that no Catch may handle. */
export function runtimeError(cause: string): StateError {
  return new StateError('States.Runtime', cause, { handling: 'none' });
}

export function dataLimitExceeded(name: string, handling: 'any' | 'named'): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { handling },
  );
}

/** The reason an attempt's signal is aborted with: it was stopped from outside, or a sibling branch failed. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}
