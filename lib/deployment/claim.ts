import * as z from 'zod';
import { DeploymentDocument, LastKnownGood } from './document.ts';
import { DeploymentError } from './errors.ts';
import { Freeze, refuseFrozen } from './freeze.ts';
import { isSchemaAhead } from './left.ts';
import { previousGoodOf } from './rollback.ts';
import type { ServiceSettings } from './settings.ts';

/**
 * The claim on a service: one deployment at a time, one waiter behind it. All of it is one item, so that every change
 * is one conditional write; these functions say what the write should be and never touch the table.
 */

/** One run of an execution. What a later run of it (a redrive) holds is not this run's to free. */
const Run = z.object({
  /** Execution ARN: a redrive keeps it. */
  owner: z.string(),
  redriveCount: z.number().int().nonnegative(),
});
export type Run = z.infer<typeof Run>;

const Holder = Run.extend({
  deployment: z.string(),
  builtAt: z.number().int().optional(),
  since: z.number(),
});

export type Holder = z.infer<typeof Holder>;

const Waiter = Holder.extend({
  /** When its run began: of two that would wait, the one that began later does. */
  startedAt: z.number(),
  taskToken: z.string(),
  document: DeploymentDocument,
});
export type Waiter = z.infer<typeof Waiter>;

const SchemaAhead = z.object({ deployment: z.string(), at: z.number() });
export type SchemaAhead = z.infer<typeof SchemaAhead>;

export const ServiceItem = z.object({
  service: z.string(),
  /** Rises with every write; the write's condition. */
  version: z.number().int(),
  /** Rises with every grant and every release: who acts on an older one is stale. */
  fence: z.number().int(),
  claim: Holder.optional(),
  waiter: Waiter.optional(),
  /** The run that held the claim last: an invocation of it that wakes up late must not take the claim again. */
  released: Run.optional(),
  freeze: Freeze.optional(),
  lastKnownGood: LastKnownGood.optional(),
  /** Since when what runs is no good release: a change failed and was not rolled back. */
  brokenSince: z.number().optional(),
  /**
   * The last migration that ran of which services.yml says `backwardCompatible: false`: what went live before `at` cannot
   * run on the schema any more.
   */
  schemaAhead: SchemaAhead.optional(),
  /** What was live before it, newest first: what a rollback by hand goes back to. */
  previousGood: z.array(LastKnownGood).optional(),
  /** Number of the newest build that has gone live: builds finish out of order. */
  newestBuiltAt: z.number().int().optional(),
});
export type ServiceItem = z.infer<typeof ServiceItem>;

export const emptyServiceItem = (service: string): ServiceItem => ({ service, version: 0, fence: 0 });

/** Who asks: an execution in one of its runs (a redrive is a new run of the same execution). */
export interface Claimant extends Run {
  document: DeploymentDocument;
}

/** Who asks for the claim, and would wait for it under this token. */
export interface Asking extends Claimant {
  taskToken: string;
  /** When this run began. */
  startedAt: number;
}

/** Whether it is this run's, or an earlier run's of the same execution. */
const isRun = (holder: Run | undefined, run: Run) =>
  holder?.owner === run.owner && holder.redriveCount <= run.redriveCount;

/** Whether this run is over: it has freed its claim, or a later run of its execution holds it or waits for it. */
const isOver = ({ released, claim, waiter }: ServiceItem, run: Run) =>
  (released?.owner === run.owner && released.redriveCount >= run.redriveCount) ||
  [claim, waiter].some((each) => each?.owner === run.owner && each.redriveCount > run.redriveCount);

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

/** Builds are ordered by when they began: build numbers start again with a recreated project. */
const builtAtOf = (document: DeploymentDocument) => document.release.build?.startedAt;

/** A re-driven deployment must not overwrite a release that went live after it had failed. */
function refuseOutdated(item: ServiceItem, document: DeploymentDocument): void {
  const seen = document.lastKnownGood;
  const live = item.lastKnownGood;
  if (seen === undefined || live === undefined || live.deployment === document.deployment) return;
  if (seen === null || seen.deployment !== live.deployment || seen.at !== live.at) {
    throw new DeploymentError(
      'NewerReleaseLive',
      `${live.deployment} (${live.commit ?? live.digest ?? live.taskDefinition}) went live at ${new Date(live.at).toISOString()}`,
    );
  }
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
    `its build began at ${instant(mine)}, before that of ${instant(theirs)}, which ${what}`,
  );
}

function hasGoneLive({ lastKnownGood: live }: ServiceItem): string {
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
 * Who asks again and finds somebody newer in the queue was displaced, and the answer that said so was lost. Builds are
 * compared by their start; where there is none, what began later is newer.
 */
function refuseDisplaced({ document, startedAt }: Asking, waiter: Waiter | undefined): void {
  if (waiter === undefined) return;
  const waiting = nameOf({ deployment: waiter.deployment, ...waiter.document.release });
  refuseOlderBuild(document, waiter, `is already waiting: ${waiting}`);
  const mine = builtAtOf(document);
  const areBuilds = mine !== undefined && waiter.builtAt !== undefined && mine !== waiter.builtAt;
  if (areBuilds || startedAt >= waiter.startedAt) return;
  throw new DeploymentError('Superseded', `${waiting}, which began later, is already waiting`);
}

function granted(
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

function withClaim(item: ServiceItem, claimant: Claimant): DeploymentDocument {
  const { document } = claimant;
  const { fence, claim } = item;
  return {
    ...document,
    claim: { fence, redriveCount: claimant.redriveCount, since: claim?.since },
    // Kept from the first grant on: a redrive compares against what it knew then.
    lastKnownGood:
      document.lastKnownGood === undefined ? (item.lastKnownGood ?? null) : document.lastKnownGood,
  };
}

/** A freeze stops everybody but who rolls back in spite of it. */
function refuseFrozenTo({ trigger }: DeploymentDocument, item: ServiceItem, now: number): void {
  if (!trigger.force) refuseFrozen(item, now);
}

export type ClaimDecision =
  | { kind: 'granted'; item: ServiceItem; document: DeploymentDocument }
  /** `item` holds the waiter; `displaced` was waiting before and ends as Superseded. */
  | { kind: 'waiting'; item: ServiceItem; holder: Holder; displaced?: Waiter }
  /** `concurrency: reject`, unless the holder turns out to be dead. */
  | { kind: 'refused'; item: ServiceItem; holder: Holder; error: DeploymentError };

/**
 * Takes the claim, or waits for it. Idempotent for one execution: who holds it already is granted it again, who waits
 * already keeps the place with the new token.
 * Fails with ServiceFrozen, Superseded, NewerReleaseLive, or, for a run that is over, ClaimLost.
 */
export function requestClaim(item: ServiceItem, claimant: Asking, now: number): ClaimDecision {
  const { document } = claimant;
  if (isOver(item, claimant)) throw claimLost(item, claimant);
  refuseFrozenTo(document, item, now);
  if (document.resume === undefined)
    refuseOlderBuild(document, { builtAt: item.newestBuiltAt }, hasGoneLive(item));
  refuseOutdated(item, document);

  const waiter = item.waiter?.owner === claimant.owner ? undefined : item.waiter;
  if (item.claim === undefined || item.claim.owner === claimant.owner) {
    if (item.claim?.redriveCount === claimant.redriveCount) {
      return { kind: 'granted', item, document: withClaim(item, claimant) };
    }
    return { kind: 'granted', ...granted({ ...item, waiter }, claimant, now) };
  }
  if (document.resume === undefined)
    refuseOlderBuild(document, item.claim, `is being deployed: ${item.claim.deployment}`);
  if (document.settings.concurrency === 'reject') {
    return { kind: 'refused', item, holder: item.claim, error: inProgress(item, item.claim) };
  }
  refuseDisplaced(claimant, waiter);
  const place = {
    owner: claimant.owner,
    deployment: document.deployment,
    redriveCount: claimant.redriveCount,
    builtAt: builtAtOf(document),
    since: item.waiter?.owner === claimant.owner ? item.waiter.since : now,
    startedAt: claimant.startedAt,
    taskToken: claimant.taskToken,
    document,
  };
  return {
    kind: 'waiting',
    item: { ...item, waiter: place },
    holder: item.claim,
    ...(waiter === undefined ? {} : { displaced: waiter }),
  };
}

const inProgress = ({ service }: ServiceItem, { deployment }: Holder) =>
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
  return item.claim !== undefined && concurrency === 'reject' ? inProgress(item, item.claim) : undefined;
}

/** An execution that has just begun may not be known everywhere yet (DescribeExecution is eventually consistent). */
const SURELY_KNOWN_AFTER = 60_000;

/** The run that ended while its execution holds the claim; undefined while the holder lives, or may live. */
export function deadRun(
  { owner, redriveCount, since }: Holder,
  last: { redriveCount: number; isRunning: boolean } | undefined,
  now: number,
): Run | undefined {
  if (last === undefined) return now - since < SURELY_KNOWN_AFTER ? undefined : { owner, redriveCount };
  return last.isRunning ? undefined : { owner, redriveCount: last.redriveCount };
}

/**
 * What every state that changes the world asks for in the same step: ours → go on; free, and nobody else has held it
 * since → a re-driven run takes it; anything else → ClaimLost. Fails with ServiceFrozen, NewerReleaseLive or ClaimLost.
 */
export function assertClaim(item: ServiceItem, claimant: Claimant, now: number): Held {
  refuseFrozenTo(claimant.document, item, now);
  return holdClaim(item, claimant, now);
}

interface Held {
  item: ServiceItem;
  document: DeploymentDocument;
}

function holdClaim(item: ServiceItem, claimant: Claimant, now: number): Held {
  const last = item.claim ?? item.released;
  if (item.claim?.owner === claimant.owner && item.claim.redriveCount === claimant.redriveCount) {
    return { item, document: withClaim(item, claimant) };
  }
  refuseOutdated(item, claimant.document);
  // An invocation of a run that is over may wake up late; only a later run than the last that held the claim may take it.
  const isLaterRun = last?.owner === claimant.owner && claimant.redriveCount > last.redriveCount;
  if (!isLaterRun) throw claimLost(item, claimant);
  return granted(item, claimant, now);
}

function claimLost({ service, fence, claim }: ServiceItem, { document }: Claimant): DeploymentError {
  const holder = claim === undefined ? 'nobody holds it' : `${claim.deployment} holds it`;
  return new DeploymentError(
    'ClaimLost',
    `${document.deployment} held ${service} with fencing number ${document.claim?.fence ?? 0}, now ${holder} with ${fence}`,
  );
}

/** What the caller answers to the token of the waiter that a release concerned. */
export type Handover = { taskToken: string } & (
  | { document: DeploymentDocument }
  | { refusal: DeploymentError }
);

export interface Released {
  item: ServiceItem;
  changed: boolean;
  /** Since when the service was not well before it was set right. */
  brokenSince?: number | undefined;
  /** What was live before the release that has gone live. */
  replaced?: LastKnownGood | undefined;
  handover?: Handover;
}

/**
 * Frees what this run holds or waits for. The claim goes to the waiter in the same write, so that nobody can slip in
 * between; a waiter that may not go on (the service is frozen; re-driven, and outdated meanwhile) is refused instead.
 */
export function releaseClaim(item: ServiceItem, run: Run, now: number): Released {
  const { claim, waiter } = item;
  if (claim === undefined || !isRun(claim, run)) {
    if (!isRun(waiter, run)) return { item, changed: false };
    return { item: { ...item, waiter: undefined }, changed: true };
  }
  // The run that is over, which may be a later one than took the claim: one re-driven in the middle of a wait.
  const released = { owner: claim.owner, redriveCount: run.redriveCount };
  const free: ServiceItem = { ...item, fence: item.fence + 1, claim: undefined, waiter: undefined, released };
  if (waiter === undefined) return { item: free, changed: true };
  const { taskToken } = waiter;
  try {
    refuseFrozenTo(waiter.document, free, now);
    refuseOutdated(free, waiter.document);
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    return { item: free, changed: true, handover: { taskToken, refusal: error } };
  }
  const next = granted(free, waiter, now);
  return { item: next.item, changed: true, handover: { taskToken, document: next.document } };
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
): Released {
  const isDone = item.claim?.owner !== claimant.owner && item.lastKnownGood?.deployment === live.deployment;
  if (isDone) return { item, changed: false };
  const { item: held } = holdClaim(item, claimant, now);
  const newestBuiltAt = Math.max(held.newestBuiltAt ?? 0, builtAtOf(claimant.document) ?? 0);
  const previousGood = previousGoodOf(held, live);
  const { brokenSince, ...well } = held;
  const { document } = claimant;
  const schemaAhead = isSchemaAhead(document) ? { deployment: live.deployment, at: live.at } : undefined;
  const recorded = {
    ...withSchemaAhead(well, schemaAhead),
    lastKnownGood: live,
    previousGood,
    ...(newestBuiltAt > 0 ? { newestBuiltAt } : {}),
  };
  return { ...releaseClaim(recorded, claimant, now), brokenSince, replaced: held.lastKnownGood };
}

/** How a deployment that did not go live leaves its service: not well since then, or led back by then. */
export type Aftermath = { brokenSince: number } | { restoredAt: number };

/**
 * The item of a service after a failed change. It stays broken since the first one that left it so, until it has been led
 * back or a release has gone live. Ends are told late and twice: what has gone live, or broken it, since matters more.
 */
export function withAftermath(item: ServiceItem, aftermath: Aftermath | undefined): ServiceItem {
  if (aftermath === undefined) return item;
  const { brokenSince, ...well } = item;
  if ('restoredAt' in aftermath)
    return brokenSince === undefined || brokenSince > aftermath.restoredAt ? item : well;
  const isMended = (item.lastKnownGood?.at ?? 0) > aftermath.brokenSince;
  return isMended || brokenSince !== undefined ? item : { ...item, brokenSince: aftermath.brokenSince };
}

/** The item of a service whose schema a migration has put ahead; an end that is told again changes nothing. */
export const withSchemaAhead = (item: ServiceItem, ahead: SchemaAhead | undefined): ServiceItem =>
  ahead === undefined || (item.schemaAhead?.at ?? 0) >= ahead.at ? item : { ...item, schemaAhead: ahead };
