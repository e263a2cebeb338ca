import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { type Bounds, type Conduct, type Decisions, realDecisions as real } from './decisions.ts';

/** A guard that is taken away, and the invariant that falls with it. */
export interface Guard {
  /** What the code does no more. */
  without: string;
  decisions?: Partial<Decisions>;
  conduct?: Partial<Conduct>;
  bounds?: Partial<Bounds>;
  breaks: string;
}

type WithItem = { item: ServiceItem };

/** Lets a decision see the item otherwise than it is; what it leaves alone of that is put back. */
function seeing<Outcome extends WithItem>(
  item: ServiceItem,
  changed: Partial<ServiceItem>,
  decide: (item: ServiceItem) => Outcome,
): Outcome {
  const shown = { ...item, ...changed };
  const outcome = decide(shown);
  if (outcome.item === shown) return { ...outcome, item };
  const back = Object.fromEntries(
    (Object.keys(changed) as (keyof ServiceItem)[])
      .filter((key) => outcome.item[key] === shown[key])
      .map((key) => [key, item[key]]),
  );
  return { ...outcome, item: { ...outcome.item, ...back } };
}

const nothingLands = { acting: undefined };

const sameFence = <Outcome extends WithItem>(item: ServiceItem, outcome: Outcome): Outcome => ({
  ...outcome,
  item: { ...outcome.item, fence: item.fence },
});

/** The call may land this much shorter than it does. */
const LANDED_WITHIN = 4_000;

export const guards: Guard[] = [
  {
    without: 'waiting for calls under way before the claim is granted to who asks',
    decisions: {
      requestClaim: (item, claimant, now) =>
        seeing(item, nothingLands, (it) => real.requestClaim(it, claimant, now)),
    },
    breaks: 'oneChangesTheService',
  },
  {
    without: 'waiting for calls under way before the claim is handed over',
    decisions: {
      releaseClaim: (item, run, now) => seeing(item, nothingLands, (it) => real.releaseClaim(it, run, now)),
    },
    breaks: 'oneChangesTheService',
  },
  {
    without: 'waiting for calls under way before a later run takes its claim back',
    decisions: {
      assertClaim: (item, claimant, now) =>
        seeing(item, nothingLands, (it) => real.assertClaim(it, claimant, now)),
    },
    breaks: 'recordsAreTrue',
  },
  {
    without: 'waiting for the call before, when the next one begins',
    decisions: {
      beginAct: (item, claimant, id, now) =>
        seeing(item, nothingLands, (it) => real.beginAct(it, claimant, id, now)),
    },
    bounds: { doubles: true, builds: [1] },
    breaks: 'oneCallAtATime',
  },
  {
    without: 'the seconds that a call may be on its way',
    decisions: {
      beginAct: (item, claimant, id, now) => {
        const act = real.beginAct(item, claimant, id, now);
        if ('until' in act || act.item.acting === undefined) return act;
        const acting = { ...act.item.acting, until: act.item.acting.until - LANDED_WITHIN };
        return { ...act, item: { ...act.item, acting } };
      },
    },
    breaks: 'oneCallAtATime',
  },
  { without: 'the end of a call at its deadline', conduct: { callsEnd: false }, breaks: 'oneCallAtATime' },
  {
    without: 'the refusal to make a call whose time is over',
    conduct: { refusesLateCalls: false },
    breaks: 'oneCallAtATime',
  },
  {
    without: 'the distinction between a call that was answered and one that may still land',
    conduct: { minds: false },
    breaks: 'oneCallAtATime',
  },
  {
    without: 'doubt in the end of the last call',
    decisions: {
      releaseClaim: (item, run, now) => real.releaseClaim(item, run, now, item.acting?.id),
    },
    breaks: 'oneChangesTheService',
  },
  {
    without: 'the claim being asserted before a call',
    decisions: {
      beginAct: (item, claimant, id, now) => {
        const { owner, redriveCount } = claimant;
        const claim = { owner, redriveCount, deployment: claimant.document.deployment, since: now };
        return seeing(item, { claim }, (it) => real.beginAct(it, claimant, id, now));
      },
    },
    breaks: 'onlyTheHolderActs',
  },
  {
    without: 'the version of the item in its writes',
    conduct: { versioned: false },
    bounds: { splitWrites: true },
    breaks: 'fenceRises',
  },
  {
    without: 'remembering the run that is over (isOver)',
    decisions: {
      requestClaim: (item, claimant, now) =>
        seeing(item, { released: undefined }, (it) => real.requestClaim(it, claimant, now)),
    },
    breaks: 'whoGaveBackIsOver',
  },
  {
    without: 'the rule that a free claim goes to later runs only',
    decisions: {
      assertClaim: (item, claimant, now) =>
        item.claim === undefined
          ? seeing(item, { released: { owner: claimant.owner, redriveCount: -1 } }, (it) =>
              real.assertClaim(it, claimant, now),
            )
          : real.assertClaim(item, claimant, now),
    },
    breaks: 'whoGaveBackIsOver',
  },
  {
    without: 'the fencing number rising with a grant',
    decisions: {
      requestClaim: (item, claimant, now) => sameFence(item, real.requestClaim(item, claimant, now)),
    },
    breaks: 'fenceRises',
  },
  {
    without: 'the freeze being asked when the claim is handed over',
    decisions: {
      releaseClaim: (item, run, now, lastAct) =>
        seeing(item, { freeze: undefined }, (it) => real.releaseClaim(it, run, now, lastAct)),
    },
    breaks: 'frozenStaysAsItIs',
  },
  {
    without: 'the freeze being asked when the claim is asked for',
    decisions: {
      requestClaim: (item, claimant, now) =>
        seeing(item, { freeze: undefined }, (it) => real.requestClaim(it, claimant, now)),
    },
    breaks: 'frozenStaysAsItIs',
  },
  {
    without: 'the freeze being asked before a call',
    decisions: {
      beginAct: (item, claimant, id, now) =>
        seeing(item, { freeze: undefined }, (it) => real.beginAct(it, claimant, id, now)),
    },
    breaks: 'frozenStaysAsItIs',
  },
  {
    without: 'refuseOutdated when a re-driven deployment asks',
    decisions: {
      requestClaim: (item, claimant, now) => {
        const { lastKnownGood } = claimant.document;
        const document =
          lastKnownGood === undefined
            ? claimant.document
            : { ...claimant.document, lastKnownGood: item.lastKnownGood };
        return real.requestClaim(item, { ...claimant, document }, now);
      },
    },
    bounds: { adversities: 2, only: ['the rollout of', 're-driven'] },
    breaks: 'newerStaysLive',
  },
  {
    without: 'refuseOlderBuild',
    decisions: {
      requestClaim: (item, claimant, now) =>
        seeing(item, { newestBuiltAt: undefined }, (it) => real.requestClaim(it, claimant, now)),
    },
    bounds: { builds: [2, 1] },
    breaks: 'olderStaysBehind',
  },
  {
    without: 'refuseOlderBuild for what is re-driven before it ever got the claim',
    decisions: {
      requestClaim: (item, claimant, now) =>
        claimant.document.resume === undefined
          ? real.requestClaim(item, claimant, now)
          : seeing(item, { newestBuiltAt: undefined }, (it) => real.requestClaim(it, claimant, now)),
    },
    bounds: { adversities: 2, only: ['ClaimService of execution-A, run 0, crashes', 're-driven'] },
    breaks: 'olderStaysBehind',
  },
  {
    without: 'refuseDisplaced',
    decisions: {
      requestClaim: (item, claimant, now) => {
        const { waiter } = item;
        const isOther = waiter !== undefined && waiter.owner !== claimant.owner;
        const decision = real.requestClaim(isOther ? { ...item, waiter: undefined } : item, claimant, now);
        return isOther && decision.kind === 'waiting' ? { ...decision, displaced: waiter } : decision;
      },
    },
    bounds: { builds: [1, 3, 2], adversities: 0 },
    breaks: 'newerTakesThePlace',
  },
  {
    without: 'the doubt whether the holder lives',
    decisions: { deadRunOf: ({ owner, redriveCount }) => ({ owner, redriveCount }) },
    breaks: 'theLivingKeepTheirClaim',
  },
  {
    without: 'freeing only the run that is known to be dead',
    decisions: {
      deadRunOf: (holder, last, now) => {
        const dead = real.deadRunOf(holder, last, now);
        return dead && { owner: dead.owner, redriveCount: holder.redriveCount };
      },
    },
    bounds: { adversities: 3 },
    breaks: 'theLivingKeepTheirClaim',
  },
  {
    without: 'the run in the release of a claim',
    decisions: {
      releaseClaim: (item, run, now, lastAct) =>
        real.releaseClaim(item, { ...run, redriveCount: Number.MAX_SAFE_INTEGER }, now, lastAct),
    },
    bounds: { adversities: 2 },
    breaks: 'theLivingKeepTheirClaim',
  },
  { without: 'the heartbeat of who waits', conduct: { heartbeats: false }, breaks: 'nobodyWaitsForever' },
  {
    without: 'the look for a dead holder',
    conduct: { looksForDead: false },
    bounds: { adversities: 2, only: ['is aborted', 'never told'] },
    breaks: 'nobodyWaitsForever',
  },
  {
    without: 'freeing a dead holder',
    decisions: { deadRunOf: () => undefined },
    bounds: { adversities: 2 },
    breaks: 'theDeadAreFreed',
  },
];
