import type { DeploymentDocument, LastKnownGood } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { type Unsettled, unsettledUntil } from './acting.ts';
import { withRollbackEnded } from './asked-rollback.ts';
import {
  builtAtOf,
  type Claimant,
  grantClaim,
  holdClaim,
  refuseFrozenUnlessForced,
  refuseOutdated,
} from './claim.ts';
import { previousGoodOf } from './previous-good.ts';
import { isSchemaAhead, withSchemaAhead } from './schema-ahead.ts';
import type { Run, ServiceItem } from './service-item.ts';

/** The answer that the caller sends to the waiter's token. */
export type Handover = { taskToken: string } & (
  | { document: DeploymentDocument }
  | { refusal: DeploymentError }
);

export interface Released {
  item: ServiceItem;
  /** Since when the service had been broken before this release went live. */
  brokenSince?: number | undefined;
  /** What was live before the release that has gone live. */
  replaced?: LastKnownGood | undefined;
  handover?: Handover;
  /** There is a waiter, which may be granted the claim from then on: a call of the run that is over may still land. */
  handOverAt?: number;
}

/**
 * Frees what this run holds or waits for. The claim goes to the waiter in the same write, so that nobody can slip in
 * between; a waiter that may not go on (the service is frozen; re-driven, and outdated meanwhile) is refused instead.
 * `lastAct` is what the run's document says of its last call that changed the world. While another one may still land
 * the waiter stays where it is, for handOverClaim.
 */
export function releaseClaim(before: ServiceItem, run: Run, now: number, lastAct?: string): Released {
  const { claim, waiter } = before;
  if (claim === undefined || !isRun(claim, run)) {
    if (waiter === undefined || !isRun(waiter, run)) return { item: before };
    return { item: { ...withRollbackEnded(before, waiter.deployment, false), waiter: undefined } };
  }
  const item = withRollbackEnded(before, claim.deployment, false);
  // The run that is over, which may be a later one than took the claim: one re-driven in the middle of a wait.
  const released = { owner: claim.owner, redriveCount: run.redriveCount };
  const free: ServiceItem = { ...item, fence: item.fence + 1, claim: undefined, released };
  const handOverAt = unsettledUntil(item, lastAct, now);
  if (handOverAt === undefined) return handOverClaim({ ...free, acting: undefined }, now);
  return { item: free, handOverAt: waiter && handOverAt };
}

/** Grants a free claim to the waiter, or refuses it. Changes nothing where somebody has been granted it meanwhile. */
export function handOverClaim(item: ServiceItem, now: number): Released {
  const { claim, waiter } = item;
  if (claim !== undefined || waiter === undefined) return { item };
  const handOverAt = unsettledUntil(item, undefined, now);
  if (handOverAt !== undefined) return { item, handOverAt };
  const { taskToken } = waiter;
  const free = { ...item, waiter: undefined };
  try {
    refuseFrozenUnlessForced(waiter.document, free, now);
    refuseOutdated(free, waiter.document);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return { item: free, handover: { taskToken, refusal: error } };
  }
  const next = grantClaim(free, waiter, now);
  return { item: next.item, handover: { taskToken, document: next.document } };
}

/**
 * Records the release as last known good and frees the claim, in one write. A freeze does not matter: the release is
 * live already. Done before (the answer was lost, and this is the retry): nothing changes. Fails with NewerReleaseLive
 * or ClaimLost.
 */
export function completeClaim(
  item: ServiceItem,
  claimant: Claimant,
  live: LastKnownGood,
  now: number,
): Released | Unsettled {
  const isDone = item.claim?.owner !== claimant.owner && item.lastKnownGood?.deployment === live.deployment;
  if (isDone) return { item };
  const holding = holdClaim(item, claimant, now);
  if ('until' in holding) return holding;
  const { item: held } = holding;
  const newestBuiltAt = Math.max(held.newestBuiltAt ?? 0, builtAtOf(claimant.document) ?? 0);
  const previousGood = previousGoodOf(held, live);
  const { brokenSince, ...well } = held;
  const { document } = claimant;
  const schemaAhead = isSchemaAhead(document) ? { deployment: live.deployment, at: live.at } : undefined;
  const recorded = {
    ...withRollbackEnded(withSchemaAhead(well, schemaAhead), live.deployment, true),
    lastKnownGood: live,
    previousGood,
    newestBuiltAt: newestBuiltAt || undefined,
  };
  const released = releaseClaim(recorded, claimant, now, document.claim?.lastAct);
  return { ...released, brokenSince, replaced: held.lastKnownGood };
}

/** Whether it is this run's, or an earlier run's of the same execution. */
const isRun = (holder: Run | undefined, run: Run) =>
  holder?.owner === run.owner && holder.redriveCount <= run.redriveCount;
