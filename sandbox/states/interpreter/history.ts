import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Clock } from '#sandbox/core/clock.ts';
import { MAX_HISTORY_EVENTS } from '../limits.ts';
import { StateError } from './errors.ts';

/** What an event carries besides its number, time and type: `{ stateEnteredEventDetails: … }`. */
export type EventDetails = Omit<Partial<HistoryEvent>, 'id' | 'previousEventId' | 'type' | 'timestamp'>;

/** The history of one execution, redrives included, as GetExecutionHistory gives it. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Appends an event and gives its id. The last place is kept for the event that ends the execution. */
  append(type: HistoryEventType, previousEventId: number, details: EventDetails = {}): number {
    if (this.events.length >= MAX_HISTORY_EVENTS - 1 && !type.startsWith('Execution')) {
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`,
        { handling: 'none' },
      );
    }
    const id = this.events.length + 1;
    this.events.push({ timestamp: new Date(this.#clock.now()), type, id, previousEventId, ...details });
    return id;
  }
}

/** A place in the history that one line of control (the machine, a branch, an iteration) has come to. */
export class Cursor {
  readonly history: History;
  previous: number;

  constructor(history: History, previous: number) {
    this.history = history;
    this.previous = previous;
  }

  /** Appends an event behind the last one of this line. */
  advance(type: HistoryEventType, details?: EventDetails): number {
    this.previous = this.history.append(type, this.previous, details);
    return this.previous;
  }

  /** Appends an event that the next one will not name as its predecessor (MapIterationSucceeded). */
  note(type: HistoryEventType, details?: EventDetails): number {
    return this.history.append(type, this.previous, details);
  }

  fork(): Cursor {
    return new Cursor(this.history, this.previous);
  }
}

export const NOT_TRUNCATED = { truncated: false };
