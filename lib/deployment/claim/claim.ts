import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import { type Unsettled, unsettledUntil } from './acting.ts';
import { refuseFrozen } from './freeze.ts';
import { refuseBehindSchema } from './schema-ahead.ts';
import type { Run, ServiceItem } from './service-item.ts';

/**
 * The claim on a service: one deployment at a time, one waiter behind it. These functions, and those of request.ts and
 * release.ts, say what the write of the service's item should be, and never touch the table.
 */

/** Who asks: an execution in one of its runs (a redrive is a new run of the same execution). */
export interface Claimant extends Run {
  document: DeploymentDocument;
}

/**
 * What every state that changes the world asks for in the same step: ours → go on; free, and nobody else has held it
 * since → a re-driven run takes it; anything else → ClaimLost. Fails with ServiceFrozen, NewerReleaseLive, SchemaAhead or
 * ClaimLost.
 */
export function assertClaim(item: ServiceItem, claimant: Claimant, now: number): Held | Unsettled {
  refuseFrozenUnlessForced(claimant.document, item, now);
  return holdClaim(item, claimant, now);
}

interface Held {
  item: ServiceItem;
  document: DeploymentDocument;
}

export function holdClaim(item: ServiceItem, claimant: Claimant, now: number): Held | Unsettled {
  const { owner, redriveCount, document } = claimant;
  const isHeld = item.claim?.owner === owner && item.claim.redriveCount === redriveCount;
  if (!isHeld) {
    const last = item.claim ?? item.released;
    refuseOutdated(item, document);
    refuseBehindSchema(item, document);
    // An invocation of a run that is over may wake up late. So a free claim goes only to a later run than the one that
    // held it last.
    const isLaterRun = last?.owner === owner && redriveCount > last.redriveCount;
    if (!isLaterRun) throw claimLostError(item, claimant);
  }
  // Also the holder waits for its own call: UpdateService crashes with its call under way. Were RollBackService to look
  // now, it would find the old revision, have nothing to do, and report a rollback over which the call lands.
  const until = unsettledUntil(item, document.claim?.lastAct, now);
  if (until !== undefined) return { item, until };
  return isHeld ? { item, document: withClaim(item, claimant) } : grantClaim(item, claimant, now);
}

export function claimLostError(
  { service, fence, claim }: ServiceItem,
  { document }: Claimant,
): DeploymentError {
  const holder = claim === undefined ? 'nobody holds it' : `${claim.deployment} holds it`;
  return new DeploymentError(
    'ClaimLost',
    `${document.deployment} held ${service} with fencing number ${document.claim?.fence ?? 0}, now ${holder} with ${fence}`,
  );
}

/** A freeze stops every deployment but a forced rollback. */
export function refuseFrozenUnlessForced(
  { trigger }: Pick<DeploymentDocument, 'trigger'>,
  item: ServiceItem,
  now: number,
): void {
  if (!trigger.force) refuseFrozen(item, now);
}

/** A re-driven deployment must not overwrite a release that went live after it had failed. */
export function refuseOutdated(item: ServiceItem, document: DeploymentDocument): void {
  const seen = document.lastKnownGood;
  const live = item.lastKnownGood;
  if (seen === undefined || live === undefined || live.deployment === document.deployment) return;
  if (seen === null || seen.deployment !== live.deployment || seen.at !== live.at) {
    throw new DeploymentError(
      'NewerReleaseLive',
      `${live.deployment} (${live.commit ?? live.digest ?? live.taskDefinition}) went live at ${formatInstant(live.at)}`,
    );
  }
}

export function grantClaim(
  item: ServiceItem,
  claimant: Claimant,
  now: number,
): { item: ServiceItem; document: DeploymentDocument } {
  const fence = item.fence + 1;
  const claim = {
    owner: claimant.owner,
    deployment: claimant.document.deployment,
    redriveCount: claimant.redriveCount,
    builtAt: builtAtOf(claimant.document),
    since: now,
  };
  const next = { ...item, fence, claim };
  return { item: next, document: withClaim(next, claimant) };
}

export function withClaim(item: ServiceItem, claimant: Claimant): DeploymentDocument {
  const { document } = claimant;
  const { fence, claim } = item;
  return {
    ...document,
    claim: { ...document.claim, fence, redriveCount: claimant.redriveCount, since: claim?.since },
    // Kept from the first grant on: a redrive compares against what it knew then.
    lastKnownGood:
      document.lastKnownGood === undefined ? (item.lastKnownGood ?? null) : document.lastKnownGood,
    schemaAhead: item.schemaAhead,
  };
}

/** Builds are ordered by when they began: build numbers start again with a recreated project. */
export const builtAtOf = (document: DeploymentDocument) => document.release.build?.startedAt;
