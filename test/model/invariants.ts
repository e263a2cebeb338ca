import type { Happening, Model, Step } from './walk.ts';
import { type Call, indexOf, NOON, nameOf, revisionOf, type StateName, type World } from './world.ts';

export interface Violation {
  invariant: string;
  what: string;
}

interface Asked {
  model: Model;
  before: World;
  after: World;
  happenings: Happening[];
}

const all = <Kind extends Happening['kind']>({ happenings }: Asked, kind: Kind) =>
  happenings.filter((each): each is Extract<Happening, { kind: Kind }> => each.kind === kind);

const runOf = (run: { redriveCount: number }, index: number) => `run ${run.redriveCount} of ${nameOf(index)}`;

/** Who has been granted the claim by this step. */
function grantedBy({ before, after }: Asked) {
  const { claim } = after.item;
  const was = before.item.claim;
  const isNew =
    claim !== undefined && (claim.owner !== was?.owner || claim.redriveCount !== was.redriveCount);
  return isNew ? claim : undefined;
}

const changesService = (call: Call) => call.taskDefinition !== undefined;

/** The states that give the claim back themselves. */
const GIVES_BACK = new Set<StateName>(['CompleteDeployment', 'HaltDeployment']);

/** What always holds: each says what it has found, or nothing. */
const invariants: Record<string, (asked: Asked) => string | undefined> = {
  /** A call of a run lands while that run holds the claim, or before the next run is granted it. */
  oneChangesTheService: (asked) => {
    for (const { call } of all(asked, 'lands'))
      if (call.isOvertaken)
        return `a call of ${runOf(call, call.by)} has landed after another run was granted the claim`;
    return undefined;
  },

  /** One execution makes one call at a time: a second one begins when the first has ended. */
  oneCallAtATime: ({ after }) => {
    const ids = new Set(after.calls.map(({ id }) => id));
    return ids.size > 1 ? `${ids.size} calls are on their way at once` : undefined;
  },

  /** Two migrations never run at once. */
  oneMigration: ({ after }) =>
    after.tasks.filter(({ status }) => status === 'running').length > 1
      ? 'two migrations run at once'
      : undefined,

  /** The fencing number rises with every grant, and never falls. */
  fenceRises: (asked) => {
    const { before, after } = asked;
    if (after.item.fence < before.item.fence)
      return `it fell from ${before.item.fence} to ${after.item.fence}`;
    return grantedBy(asked) !== undefined && after.item.fence === before.item.fence
      ? `${asked.after.item.claim?.deployment} was granted the claim with the number of before`
      : undefined;
  },

  /** Nobody is granted the claim of a frozen service, or begins to act on it. */
  frozenStaysAsItIs: (asked) => {
    if (asked.before.item.freeze === undefined || asked.after.item.freeze === undefined) return undefined;
    const granted = grantedBy(asked);
    if (granted !== undefined) return `${granted.deployment} was granted the claim of a frozen service`;
    const [acted] = all(asked, 'begins to act');
    return acted && `${runOf(acted, acted.of)} begins to act on a frozen service`;
  },

  /** Who begins to act holds the claim. */
  onlyTheHolderActs: (asked) => {
    const { claim } = asked.after.item;
    for (const { of, redriveCount } of all(asked, 'begins to act'))
      if (claim?.owner !== nameOf(of) || claim.redriveCount !== redriveCount)
        return `${runOf({ redriveCount }, of)} begins to act without the claim`;
    return undefined;
  },

  /** The run that has given the claim back last does not get it again. */
  whoGaveBackIsOver: (asked) => {
    const granted = grantedBy(asked);
    const gaveBack = granted && asked.before.executions[indexOf(granted.owner)]?.gaveBack;
    return granted !== undefined && gaveBack !== undefined && gaveBack >= granted.redriveCount
      ? `run ${granted.redriveCount} of ${granted.deployment} was granted the claim, after run ${gaveBack} had given it back`
      : undefined;
  },

  /** Who holds the claim keeps it until its run is over. */
  theLivingKeepTheirClaim: (asked) => {
    const was = asked.before.item.claim;
    const { claim } = asked.after.item;
    if (was === undefined || (claim?.owner === was.owner && claim.redriveCount >= was.redriveCount))
      return undefined;
    const index = indexOf(was.owner);
    const { status, redriveCount, state = 'ClaimService' } = asked.after.executions[index] ?? {};
    const isUnderWay = status === 'running' && redriveCount === was.redriveCount && !GIVES_BACK.has(state);
    return isUnderWay ? `${runOf(was, index)} lost its claim while it was under way` : undefined;
  },

  /** A release goes live only where nothing newer has gone live since its deployment first got its claim. */
  newerStaysLive: (asked) => {
    for (const { of } of all(asked, 'goes live')) {
      const { lives, item } = asked.before;
      const mine = asked.before.executions[of];
      if (lives > (mine?.livesAtGrant ?? 0) && item.lastKnownGood?.deployment !== nameOf(of))
        return `${nameOf(of)} goes live over ${item.lastKnownGood?.deployment}, which went live since`;
    }
    return undefined;
  },

  /** An older build gets no claim for the first time once a newer one is live. */
  olderStaysBehind: (asked) => {
    const granted = grantedBy(asked);
    if (granted === undefined) return undefined;
    const index = indexOf(granted.owner);
    if (asked.before.executions[index]?.livesAtGrant !== undefined) return undefined;
    const build = asked.model.bounds.builds[index];
    return build !== undefined && build < (asked.before.item.newestBuiltAt ?? 0)
      ? `${granted.deployment} was granted the claim, although the build of ${asked.before.item.lastKnownGood?.deployment}, which is live, is newer`
      : undefined;
  },

  /** Only a newer build takes a place in the queue. */
  newerTakesThePlace: (asked) => {
    const { builds } = asked.model.bounds;
    for (const { of, displaced } of all(asked, 'displaces'))
      if (Number(builds[of]) < Number(builds[displaced]))
        return `${nameOf(of)} took the place of ${nameOf(displaced)}, whose build is newer`;
    return undefined;
  },

  /** What goes live is what the service was told last, and last known good is only what completed. */
  whatIsLiveRuns: (asked) => {
    const { before, after } = asked;
    const went = all(asked, 'goes live');
    for (const { of } of went)
      if (after.service.taskDefinition !== revisionOf(of))
        return `${nameOf(of)} is recorded live, and the service was told to run ${after.service.taskDefinition.split('/').at(-1)}`;
    return went.length === 0 && after.item.lastKnownGood !== before.item.lastKnownGood
      ? 'the last known good has changed, and nothing has gone live'
      : undefined;
  },

  /** What the record of a run calls UNTOUCHED has not been told anything by it. */
  untouchedIsUntouched: ({ after }) => {
    const { by, taskDefinition } = after.service;
    const recorded = by && after.executions[by.execution]?.recorded;
    return recorded?.outcome === 'UNTOUCHED' && recorded.redriveCount === by?.redriveCount
      ? `the record of ${runOf(by, by.execution)} says UNTOUCHED, and it has told the service to run ${taskDefinition.split('/').at(-1)}`
      : undefined;
  },

  /** What the record of a run says of the service is so, and stays so until another run changes it. */
  recordsAreTrue: (asked) => {
    const { after } = asked;
    const told = all(asked, 'is put on record').map(({ of, redriveCount }) => ({ of, redriveCount }));
    const landed = all(asked, 'lands')
      .filter(({ call }) => changesService(call))
      .map(({ call }) => ({ of: call.by, redriveCount: call.redriveCount }));
    for (const { of, redriveCount } of [...told, ...landed]) {
      const { recorded, document } = after.executions[of] ?? {};
      const { by, taskDefinition } = after.service;
      if (recorded?.redriveCount !== redriveCount || by?.execution !== of || by.redriveCount !== redriveCount)
        continue;
      const runs = taskDefinition.split('/').at(-1);
      const says = `the record of ${runOf({ redriveCount }, of)} says ${recorded.outcome}`;
      if (recorded.outcome === 'LIVE' && taskDefinition !== revisionOf(of))
        return `${says}, and the service was told to run ${runs}`;
      if (recorded.outcome === 'ROLLED_BACK' && taskDefinition !== document?.lastKnownGood?.taskDefinition)
        return `${says}, and the service was told to run ${runs}`;
    }
    return undefined;
  },

  /** A claim whose execution is over is freed by the event about its end, or by whoever asks for the claim next. */
  theDeadAreFreed: ({ after, model }) => {
    const { claim } = after.item;
    if (claim === undefined) return undefined;
    const index = indexOf(claim.owner);
    const { status, redriveCount } = after.executions[index] ?? { redriveCount: 0 };
    if (status === 'running' || after.ends.some(({ of }) => of === index)) return undefined;
    const dead = model.decisions.deadRunOf(claim, { redriveCount, isRunning: false }, NOON);
    const isFreed =
      dead !== undefined &&
      model.decisions.releaseClaim(after.item, dead, NOON).item.claim?.owner !== claim.owner;
    return isFreed
      ? undefined
      : `${claim.deployment} is over and holds the claim, and nobody who asks would free it`;
  },
};

export function findViolation(
  model: Model,
  before: World,
  { after, happenings }: Step,
): Violation | undefined {
  const asked = { model, before, after, happenings };
  for (const [invariant, check] of Object.entries(invariants)) {
    if (model.except?.includes(invariant)) continue;
    const what = check(asked);
    if (what !== undefined) return { invariant, what };
  }
  return undefined;
}
