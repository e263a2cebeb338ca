import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { unsettledUntil } from './acting.ts';
import { isRollback, isRollbackWaiting, supersedingRollbackOf } from './asked-rollback.ts';
import {
  builtAtOf,
  type Claimant,
  claimLostError,
  grantClaim,
  refuseFrozenUnlessForced,
  refuseOutdated,
  withClaim,
} from './claim.ts';
import { refuseFrozen } from './freeze.ts';
import { refuseBehindSchema } from './schema-ahead.ts';
import type { Holder, Run, ServiceItem, Waiter } from './service-item.ts';

/** Who asks for the claim, and would wait for it under this token. */
export interface ClaimRequest extends Claimant {
  taskToken: string;
  /** When this run began. */
  startedAt: number;
}

export type ClaimDecision =
  | { kind: 'granted'; item: ServiceItem; document: DeploymentDocument; displaced?: Waiter }
  /** `item` holds the waiter; `displaced` was waiting before and ends as Superseded. */
  | { kind: 'waiting'; item: ServiceItem; holder: Holder; displaced?: Waiter }
  /** Nobody holds it, but a call of the run before may still land: ask again at `until`. `item` holds the place. */
  | { kind: 'unsettled'; item: ServiceItem; until: number; displaced?: Waiter }
  /** With a `holder` only because of it: ask again where it turns out to be dead. */
  | { kind: 'refused'; item: ServiceItem; error: DeploymentError; holder?: Holder };

/**
 * Takes the claim, or waits for it. Idempotent for one execution: who holds it already is granted it again, who waits
 * already keeps the place with the new token. Refuses with ServiceFrozen, Superseded, NewerReleaseLive, SchemaAhead,
 * DeploymentInProgress (`concurrency: reject`), or, a run that is over, with ClaimLost.
 */
export function requestClaim(item: ServiceItem, claimant: ClaimRequest, now: number): ClaimDecision {
  try {
    return decideRequest(item, claimant, now);
  } catch (error) {
    if (error instanceof DeploymentError) return { kind: 'refused', item, error };
    throw error;
  }
}

function decideRequest(item: ServiceItem, claimant: ClaimRequest, now: number): ClaimDecision {
  const { document } = claimant;
  if (isOver(item, claimant)) throw claimLostError(item, claimant);
  refuseFrozenUnlessForced(document, item, now);
  // Build 1 fails before it ever gets the claim, build 2 goes live, build 1 is re-driven: what refuseOutdated compares is
  // remembered from the first grant on, so that until then the builds are compared.
  const hasHeld = document.lastKnownGood !== undefined;
  if (!hasHeld) refuseOlderBuild(document, { builtAt: item.newestBuiltAt }, describeLive(item));
  if (document.resume === undefined) refuseBuiltBeforeRollback(document, item, now);
  refuseOutdated(item, document);
  refuseBehindSchema(item, document);

  const { claim } = item;
  const other = item.waiter?.owner === claimant.owner ? undefined : item.waiter;
  if (claim?.owner === claimant.owner && claim.redriveCount === claimant.redriveCount)
    return { kind: 'granted', item, document: withClaim(item, claimant) };
  if (claim !== undefined && claim.owner !== claimant.owner) {
    if (!hasHeld) refuseOlderBuild(document, claim, `is being deployed: ${claim.deployment}`);
    if (document.settings.concurrency === 'reject')
      return { kind: 'refused', item, holder: claim, error: inProgressError(item, claim) };
  }
  // A redrive takes the claim of its own former run over, and whoever waits for it goes on waiting.
  const isOwn = claim?.owner === claimant.owner;
  const isUrgent = isRollback(document) && !isRollbackWaiting(other);
  // It waits for the rollback's place without one of its own, and asks again. The claim is free where nobody came to hand
  // it over; should the rollback be dead then, whoever asks has to find that out.
  if (!isOwn && other !== undefined && isRollbackWaiting(other) && !isRollback(document))
    return { kind: 'waiting', item, holder: claim ?? other };
  if (!isOwn && !isUrgent) refuseDisplaced(claimant, other);
  const waiting = { ...item, waiter: isOwn && other !== undefined ? other : placeOf(item, claimant, now) };
  const displaced = isOwn || other === undefined ? {} : { displaced: other };
  if (claim !== undefined && !isOwn) return { kind: 'waiting', item: waiting, holder: claim, ...displaced };
  const until = unsettledUntil(item, document.claim?.lastAct, now);
  if (until !== undefined) return { kind: 'unsettled', item: waiting, until, ...displaced };
  return {
    kind: 'granted',
    ...grantClaim({ ...item, waiter: isOwn ? other : undefined }, claimant, now),
    ...displaced,
  };
}

/** Its place in the queue; who asks again keeps since when. */
function placeOf({ waiter }: ServiceItem, claimant: ClaimRequest, now: number): Waiter {
  const { owner, redriveCount, startedAt, taskToken, document } = claimant;
  return {
    owner,
    deployment: document.deployment,
    redriveCount,
    builtAt: builtAtOf(document),
    since: waiter?.owner === owner ? waiter.since : now,
    startedAt,
    taskToken,
    document,
  };
}

const inProgressError = ({ service }: ServiceItem, { deployment }: Holder) =>
  new DeploymentError('DeploymentInProgress', `${deployment} holds ${service}`);

/** Why a deployment that somebody asked for by hand would end right away; undefined where it would go on, or wait. */
export function refusalOf(
  item: ServiceItem,
  { concurrency }: Pick<ServiceSettings, 'concurrency'>,
  now: number,
): DeploymentError | undefined {
  try {
    refuseFrozen(item, now);
  } catch (error) {
    return error as DeploymentError;
  }
  return item.claim !== undefined && concurrency === 'reject' ? inProgressError(item, item.claim) : undefined;
}

/** An execution that has just begun may not be known everywhere yet (DescribeExecution is eventually consistent). */
const SURELY_KNOWN_AFTER = 60_000;

/** The run that ended while its execution holds the claim; undefined while the holder lives, or may live. */
export function deadRunOf(
  { owner, redriveCount, since }: Holder,
  last: { redriveCount: number; isRunning: boolean } | undefined,
  now: number,
): Run | undefined {
  if (last === undefined) return now - since < SURELY_KNOWN_AFTER ? undefined : { owner, redriveCount };
  return last.isRunning ? undefined : { owner, redriveCount: last.redriveCount };
}

/** Whether this run is over: it has freed its claim, or a later run of its execution holds it or waits for it. */
const isOver = ({ released, claim, waiter }: ServiceItem, run: Run) =>
  (released?.owner === run.owner && released.redriveCount >= run.redriveCount) ||
  [claim, waiter].some((each) => each?.owner === run.owner && each.redriveCount > run.redriveCount);

/** A build that began before somebody asked to go back is of what they left, or of before. */
function refuseBuiltBeforeRollback(document: DeploymentDocument, item: ServiceItem, now: number): void {
  const rollback = supersedingRollbackOf(item, now);
  const builtAt = builtAtOf(document);
  if (rollback === undefined || builtAt === undefined || builtAt >= rollback.at) return;
  throw new DeploymentError(
    'Superseded',
    `its build began at ${formatInstant(builtAt)}, before the rollback ${rollback.deployment} was asked for at ${formatInstant(rollback.at)}`,
    { remedy: 'push again, or deploy its commit by hand, where it is wanted all the same' },
  );
}

function refuseOlderBuild(
  document: DeploymentDocument,
  other: { builtAt?: number | undefined },
  what: string,
): void {
  const mine = builtAtOf(document);
  const theirs = other.builtAt;
  if (mine === undefined || theirs === undefined || mine >= theirs) return;
  throw new DeploymentError(
    'Superseded',
    `its build began at ${formatInstant(mine)}, before that of ${formatInstant(theirs)}, which ${what}`,
  );
}

function describeLive({ lastKnownGood: live }: ServiceItem): string {
  const now = live === undefined ? '' : `; ${nameOf(live)} is live`;
  return `has gone live${now}`;
}

/** A deployment and what it deploys, as people look for it. */
const nameOf = ({
  deployment,
  commit,
  digest,
}: {
  deployment: string;
  commit?: string | undefined;
  digest?: string | undefined;
}) => `${deployment} (${commit ?? digest ?? 'an earlier revision'})`;

/**
 * Refuses a deployment that asks again and finds a newer one in the queue: that one displaced it, and the answer was
 * lost. Builds are compared by their start; without a build, the run that began later is newer.
 */
function refuseDisplaced({ document, startedAt }: ClaimRequest, waiter: Waiter | undefined): void {
  if (waiter === undefined) return;
  const waiting = nameOf({ deployment: waiter.deployment, ...waiter.document.release });
  refuseOlderBuild(document, waiter, `is already waiting: ${waiting}`);
  const mine = builtAtOf(document);
  const areBuilds = mine !== undefined && waiter.builtAt !== undefined && mine !== waiter.builtAt;
  if (areBuilds || startedAt >= waiter.startedAt) return;
  throw new DeploymentError('Superseded', `${waiting}, which began later, is already waiting`);
}
