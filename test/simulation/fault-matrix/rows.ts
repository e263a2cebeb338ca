import { wayBack } from '#test/support/paths.ts';
import { functionOf, stateMachine } from '#test/support/wiring.ts';
import {
  callFaults,
  eventsLost,
  everyCallFaults,
  type Fault,
  failingInTurn,
  invocationFaults,
} from './faults.ts';
import type { Lab } from './lab.ts';

/** One row: a Task state and how a deployment comes to it. */
export interface Row {
  state: string;
  functionKey: string;
  /** Where the release crashes, so that the machine rolls it back. */
  crashes: boolean;
  /** Events of ECS are about what it waits for. */
  waits: boolean;
}

const hasToken = (state: string) =>
  stateMachine.States[state]?.Resource?.endsWith('.waitForTaskToken') ?? false;

/** A new Task state has its row by itself: it stands on the calm path, or on the way back of a release that crashes. */
export const rowOf = (state: string): Row => ({
  state,
  functionKey: functionOf(state),
  crashes: wayBack.includes(state),
  // ClaimService waits for its turn, of which no event of ECS tells.
  waits: state !== stateMachine.StartAt && hasToken(state),
});

/**
 * The faults of a row. The first one leaves the deployment as it is, so that the calls that it makes are those that
 * can fail: a new call gets its cells by itself.
 */
export function* faultsOf(lab: Lab, { functionKey, waits }: Row): Generator<Fault> {
  const [first, ...rest] = [...(waits ? [eventsLost] : []), ...invocationFaults, ...everyCallFaults];
  if (first !== undefined) yield first;
  const calls = [...(lab.seen.calls.get(functionKey) ?? [])];
  yield* rest;
  yield* failingInTurn(calls);
  yield* calls.flatMap(callFaults);
}
