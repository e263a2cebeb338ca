import { withoutAct } from '#lib/deployment/claim/acting.ts';
import { beginAct } from '#lib/deployment/claim/begin-act.ts';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { completeClaim, handOverClaim, releaseClaim } from '#lib/deployment/claim/release.ts';
import { deadRunOf, requestClaim } from '#lib/deployment/claim/request.ts';

/** The decisions about the claim that the model asks: the real ones, unless a guard is taken away from one. */
export const realDecisions = {
  assertClaim,
  beginAct,
  completeClaim,
  deadRunOf,
  handOverClaim,
  releaseClaim,
  requestClaim,
  withoutAct,
};
export type Decisions = typeof realDecisions;

/** What lib/operations/claims.ts and its neighbours do around the decisions. Each `true` is as they do it. */
export const realConduct = {
  /** A write fails where somebody has written since the read, and is decided anew. */
  versioned: true,
  /** A call is not made once its time is over. */
  refusesLateCalls: true,
  /** A call has landed by its deadline or never will. */
  callsEnd: true,
  /** Only a call whose every attempt was answered is withdrawn, or said to have ended. */
  minds: true,
  /** A wait for the claim is looked at again when its heartbeat runs out. */
  heartbeats: true,
  /** Who waits asks whether the holder lives. */
  looksForDead: true,
};
export type Conduct = typeof realConduct;

/** How far the search goes. All that is possible within is walked. */
export interface Bounds {
  /** When the build of each execution began, in the order in which the executions begin; undefined: of none. */
  builds: readonly (number | undefined)[];
  /** The executions that roll back by hand, by their position among the builds: nothing takes their place in the queue. */
  rollbacks?: readonly number[];
  /** Who finds the service held is refused instead of queued. */
  rejects?: boolean;
  /** The states that an execution goes through. */
  pipeline: readonly PipelineState[];
  /** So many things may go wrong, or be done by a person, in one walk: see `adversity` in the transitions. */
  adversities: number;
  /** Of these only those whose description has one of these words in it. */
  only?: readonly string[];
  /** A function's read and write of the item are two steps, between which others may write. */
  splitWrites?: boolean;
  /** Lambda may lose sight of an invocation, which goes on while the state is run again. */
  doubles?: boolean;
}

export type PipelineState = 'RegisterTaskDefinition' | 'RunMigration' | 'UpdateService';
