import type { ExecutionStatus, HistoryEvent } from '@aws-sdk/client-sfn';
import type { Json } from '../json.ts';
import type { StateMachineDefinition } from './definition.ts';
import type { Environment, Identity } from './environment.ts';
import { Interrupted, StateError } from './errors.ts';
import type { Run } from './frame.ts';
import { Cursor, History, NOT_TRUNCATED } from './history.ts';
import { runLine } from './line.ts';
import { type Progress, startProgress } from './progress.ts';
import { countdown } from './timers.ts';

export interface ExecutionOptions {
  definition: StateMachineDefinition;
  /** JSON text. */
  input: string;
  identity: Identity;
  environment: Environment;
  onStatusChange?: (execution: Execution) => void;
}

/**
 * One execution of a state machine: the interpreter's public face. It runs on the clock, the randomness and
 * the task port of its environment only, so that it can run in virtual time.
 */
export class Execution {
  readonly identity: Identity;
  readonly definition: StateMachineDefinition;
  readonly input: string;
  status: ExecutionStatus = 'RUNNING';
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  startDate: Date;
  stopDate: Date | undefined;
  redriveCount = 0;
  redriveDate: Date | undefined;

  readonly #environment: Environment;
  readonly #history: History;
  readonly #progress: Progress;
  readonly #onStatusChange: (execution: Execution) => void;
  #controller = new AbortController();
  #attempt: Promise<void> = Promise.resolve();

  constructor({ definition, input, identity, environment, onStatusChange }: ExecutionOptions) {
    this.definition = definition;
    this.input = input;
    this.identity = identity;
    this.#environment = environment;
    this.#history = new History(environment.clock);
    this.#onStatusChange = onStatusChange ?? (() => undefined);
    this.startDate = new Date(environment.clock.now());
    this.#progress = startProgress(definition.StartAt, JSON.parse(input) as Json, undefined, input);
  }

  get events(): readonly HistoryEvent[] {
    return this.#history.events;
  }

  /** Resolves when the attempt that is under way has closed the execution; never rejects. */
  closed(): Promise<void> {
    return this.#attempt;
  }

  start(): void {
    this.#history.append('ExecutionStarted', 0, {
      executionStartedEventDetails: {
        input: this.input,
        inputDetails: NOT_TRUNCATED,
        roleArn: this.identity.roleArn,
      },
    });
    this.#onStatusChange(this);
    // Recorded: the first state's event names no predecessor.
    this.#attempt = this.#run(new Cursor(this.#history, 0));
  }

  /** Ends the execution from outside. */
  stop(error?: string, cause?: string): void {
    if (this.status !== 'RUNNING') return;
    const details = withoutUndefined({ error, cause });
    this.#history.append('ExecutionAborted', 0, { executionAbortedEventDetails: details });
    this.#close('ABORTED', details);
    this.#controller.abort(new Interrupted('The execution was stopped'));
  }

  /** Goes on from the states that did not end well. The caller has made sure that it may. */
  redrive(): void {
    this.redriveCount += 1;
    this.redriveDate = new Date(this.#environment.clock.now());
    this.status = 'RUNNING';
    this.stopDate = undefined;
    this.error = undefined;
    this.cause = undefined;
    const id = this.#history.append('ExecutionRedriven', this.#history.events.length, {
      executionRedrivenEventDetails: { redriveCount: this.redriveCount },
    });
    this.#controller = new AbortController();
    this.#onStatusChange(this);
    const previous = this.#attempt;
    this.#attempt = previous.then(() => this.#run(new Cursor(this.#history, id)));
  }

  async #run(cursor: Cursor): Promise<void> {
    const { signal } = this.#controller;
    const { TimeoutSeconds } = this.definition;
    const timer =
      TimeoutSeconds === undefined
        ? undefined
        : countdown(this.#environment.clock, TimeoutSeconds, () => this.#timeOut());
    try {
      const output = JSON.stringify(
        await runLine({
          run: this.#context(),
          block: this.definition,
          cursor,
          progress: this.#progress,
          signal,
        }),
      );
      signal.throwIfAborted();
      cursor.advance('ExecutionSucceeded', {
        executionSucceededEventDetails: { output, outputDetails: NOT_TRUNCATED },
      });
      this.output = output;
      this.#close('SUCCEEDED');
    } catch (error) {
      // Whoever aborted the signal has closed the execution.
      if (signal.aborted) return;
      this.#fail(cursor, error);
    } finally {
      timer?.cancel();
    }
  }

  #context(): Run {
    return {
      environment: this.#environment,
      identity: this.identity,
      input: JSON.parse(this.input) as Json,
      startTime: this.startDate.toISOString(),
      redriveCount: this.redriveCount,
      redriveTime: this.redriveDate?.toISOString(),
      queryLanguage: this.definition.QueryLanguage ?? 'JSONPath',
    };
  }

  #fail(cursor: Cursor, thrown: unknown): void {
    const failure = thrown instanceof StateError ? thrown : new StateError('States.Runtime', String(thrown));
    const details = withoutUndefined({ error: failure.error, cause: failure.reason });
    cursor.advance('ExecutionFailed', { executionFailedEventDetails: details });
    this.#close('FAILED', details);
  }

  #timeOut(): void {
    if (this.status !== 'RUNNING') return;
    this.#history.append('ExecutionTimedOut', 0, { executionTimedOutEventDetails: {} });
    this.#close('TIMED_OUT');
    this.#controller.abort(new Interrupted('The execution timed out'));
  }

  #close(status: ExecutionStatus, details: { error?: string; cause?: string } = {}): void {
    this.status = status;
    this.stopDate = new Date(this.#environment.clock.now());
    this.error = details.error;
    this.cause = details.cause;
    this.#onStatusChange(this);
  }
}

function withoutUndefined(values: { error?: string; cause?: string }): { error?: string; cause?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
