import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Ended } from './harness.ts';

/** What the tests ask of an execution's history beside its path. */

const timeOf = (event: HistoryEvent | undefined) => Number(event?.timestamp) / 1000;

/** Virtual seconds from the last entry of a state to the next state's entry, or the execution's end. */
export function secondsIn(end: Pick<Ended, 'events'>, state: string): number {
  const at = end.events.findLastIndex((event) => event.stateEnteredEventDetails?.name === state);
  const next = end.events.slice(at + 1).find((event) => event.stateEnteredEventDetails !== undefined);
  return timeOf(next ?? end.events.at(-1)) - timeOf(end.events[at]);
}

/** How often a state's function was scheduled, retries included, since its last entry. */
export function triesOf(end: Pick<Ended, 'events'>, state: string): number {
  const at = end.events.findLastIndex((event) => event.stateEnteredEventDetails?.name === state);
  const next = end.events.findIndex(
    (event, index) => index > at && event.stateEnteredEventDetails !== undefined,
  );
  return end.events
    .slice(at, next === -1 ? undefined : next)
    .filter((event) => event.type === 'TaskScheduled').length;
}

/** When the execution's last state was entered, in epoch milliseconds. */
export const haltedAt = (end: Pick<Ended, 'events'>) =>
  1000 * timeOf(end.events.findLast((event) => event.stateEnteredEventDetails !== undefined));
