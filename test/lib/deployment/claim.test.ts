import { describe, expect, it } from '@jest/globals';
import { assertClaim, type Claimant } from '#lib/deployment/claim/claim.ts';
import { activeFreezeOf } from '#lib/deployment/claim/freeze.ts';
import { completeClaim, releaseClaim } from '#lib/deployment/claim/release.ts';
import { type ClaimDecision, deadRunOf, requestClaim } from '#lib/deployment/claim/request.ts';
import { emptyServiceItem, type ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { document, failureOf, lastKnownGood, NOON, release, revision, settings } from './fixtures.ts';

const service = emptyServiceItem('webapp');

/** An execution that asks for the claim: `second` and a build of its own by default. */
const claimant = (
  name: string,
  build: number | undefined,
  given: { redriveCount?: number; startedAt?: number; document?: Partial<Claimant['document']> } = {},
) => ({
  owner: `arn:aws:states:us-east-1:123456789012:execution:landfall-dev:${name}`,
  redriveCount: given.redriveCount ?? 0,
  taskToken: `token of ${name}`,
  startedAt: given.startedAt ?? NOON,
  document: document({
    deployment: name,
    release: release({
      build: build === undefined ? undefined : { id: `b:${build}`, number: build, startedAt: build },
    }),
    ...given.document,
  }),
});

type As<Kind> = Extract<ClaimDecision, { kind: Kind }>;

function expectKind<Kind extends ClaimDecision['kind']>(decision: ClaimDecision, kind: Kind): As<Kind> {
  expect(decision.kind).toBe(kind);
  return decision as As<Kind>;
}

const granted = (item: ServiceItem, who: ReturnType<typeof claimant>) =>
  expectKind(requestClaim(item, who, NOON), 'granted');
const waiting = (item: ServiceItem, who: ReturnType<typeof claimant>) =>
  expectKind(requestClaim(item, who, NOON), 'waiting');

/** A claimant with the document that it was given, in a later run where asked for. */
const holding = (
  who: ReturnType<typeof claimant>,
  decision: { document: Claimant['document'] },
  run = 0,
) => ({
  ...who,
  redriveCount: run,
  document: decision.document,
});

/** What a request for the claim is refused with. */
const refusalIn = (decision: ClaimDecision) => expectKind(decision, 'refused').error;

/** What holds at once: no call of before may still land. */
function settled<Outcome extends object>(outcome: Outcome): Exclude<Outcome, { until: number }> {
  expect(outcome).not.toHaveProperty('until');
  return outcome as Exclude<Outcome, { until: number }>;
}

describe('requestClaim', () => {
  it('grants a free service and tells the deployment what was live then', () => {
    const live = lastKnownGood();

    const { item, document } = granted({ ...service, lastKnownGood: live }, claimant('first', 7));

    expect(item).toMatchObject({ fence: 1, claim: { deployment: 'first', builtAt: 7, since: NOON } });
    expect(document).toMatchObject({ claim: { fence: 1, redriveCount: 0 }, lastKnownGood: live });
  });

  it('says null of a service on which nothing has gone live yet', () => {
    expect(granted(service, claimant('first', 7)).document.lastKnownGood).toBeNull();
  });

  it('grants the same run its claim again without a write', () => {
    const first = granted(service, claimant('first', 7));

    const again = granted(first.item, claimant('first', 7));

    expect(again.item).toBe(first.item);
    expect(again.document).toEqual(first.document);
  });

  it('lets a second deployment wait, and a heartbeat keeps its place under the new token', () => {
    const { item } = granted(service, claimant('first', 7));

    const first = waiting(item, claimant('second', 8));
    const second = requestClaim(first.item, { ...claimant('second', 8), taskToken: 'newer' }, NOON + 60_000);

    expect(first).toMatchObject({
      holder: { owner: claimant('first', 7).owner },
      item: { waiter: { builtAt: 8 } },
    });
    expect(second).toMatchObject({ kind: 'waiting', item: { waiter: { taskToken: 'newer', since: NOON } } });
    expect(second).not.toHaveProperty('displaced');
  });

  it('displaces the waiter by a newer build, and tells whom', () => {
    const { item } = granted(service, claimant('first', 7));
    const { item: queued } = waiting(item, claimant('second', 8));

    const decision = waiting(queued, claimant('third', 9));

    expect(decision.displaced).toMatchObject({ deployment: 'second', taskToken: 'token of second' });
    expect(decision.item.waiter).toMatchObject({ deployment: 'third' });
  });

  it.each<[string, ServiceItem]>([
    ['live', { ...service, newestBuiltAt: 8 }],
    ['being deployed', granted(service, claimant('other', 8)).item],
    ['already waiting', waiting(granted(service, claimant('x', 1)).item, claimant('other', 8)).item],
  ])('ends a push whose build is older than the one that is %s as Superseded', (what, item) => {
    const error = refusalIn(requestClaim(item, claimant('late', 7), NOON));

    expect(error).toMatchObject({ name: 'Superseded', message: expect.stringContaining(what) });
    expect(error.message).toContain(
      'its build began at 1970-01-01T00:00:00.007Z, before that of 1970-01-01T00:00:00.008Z',
    );
  });

  it('lets of two deployments by hand the one wait that began later, whoever asks last', () => {
    const { item } = granted(service, claimant('first', undefined));
    const [older, newer] = [1, 2].map((minute) =>
      claimant(`began-${minute}`, undefined, { startedAt: NOON + minute * 60_000 }),
    ) as [ReturnType<typeof claimant>, ReturnType<typeof claimant>];

    const queued = waiting(waiting(item, older).item, newer);
    const again = refusalIn(requestClaim(queued.item, older, NOON));

    expect(queued.displaced).toMatchObject({ deployment: 'began-1' });
    expect(again.name).toBe('Superseded');
    expect(again.message).toMatch(/began-2 \(\w+\), which began later, is already waiting/);
  });

  it('lets the build that is live be deployed once more', () => {
    granted({ ...service, newestBuiltAt: 7 }, claimant('again', 7));
  });

  it('does not compare the age of a deployment by hand, which has no build', () => {
    granted({ ...service, newestBuiltAt: 8 }, claimant('by-hand', undefined));
  });

  it('lets an older build that is re-driven go on while nothing newer has gone live', () => {
    const resume = { from: 'UpdateService', after: 'RolloutFailed', count: 1 };
    const { item } = granted(service, claimant('other', 8));

    waiting(item, claimant('late', 7, { redriveCount: 1, document: { resume } }));
  });

  it('refuses a re-driven deployment when a newer release has gone live since it began', () => {
    const before = lastKnownGood();
    const after = lastKnownGood({ deployment: 'webapp-newer-8', taskDefinition: revision(8), at: NOON });
    const redriven = claimant('late', 7, { redriveCount: 1, document: { lastKnownGood: before } });

    const error = refusalIn(requestClaim({ ...service, lastKnownGood: after }, redriven, NOON));

    expect(error).toMatchObject({ name: 'NewerReleaseLive' });
    expect(error.message).toContain('webapp-newer-8');
  });

  it('refuses it too when nothing at all had been live when it began', () => {
    const redriven = claimant('late', 7, { redriveCount: 1, document: { lastKnownGood: null } });

    const error = refusalIn(requestClaim({ ...service, lastKnownGood: lastKnownGood() }, redriven, NOON));

    expect(error.name).toBe('NewerReleaseLive');
  });

  it('notices that the same deployment went live again in between', () => {
    const seen = lastKnownGood({ at: NOON - 2 });
    const redriven = claimant('late', 7, { redriveCount: 1, document: { lastKnownGood: seen } });

    const error = refusalIn(
      requestClaim({ ...service, lastKnownGood: { ...seen, at: NOON - 1 } }, redriven, NOON),
    );

    expect(error.name).toBe('NewerReleaseLive');
  });

  it('refuses a second deployment where services.yml says reject, and changes nothing', () => {
    const { item } = granted(service, claimant('first', 7));
    const second = claimant('second', 8, { document: { settings: settings({ concurrency: 'reject' }) } });

    const decision = expectKind(requestClaim(item, second, NOON), 'refused');

    expect(decision.item).toBe(item);
    expect(decision.error).toMatchObject({ name: 'DeploymentInProgress' });
    expect(decision.holder).toMatchObject({ owner: claimant('first', 7).owner });
  });

  it('does not let a late invocation of an earlier run take the place of a later one, held or waited for', () => {
    const held = granted(service, claimant('first', 7, { redriveCount: 1 }));
    const queued = waiting(
      granted(service, claimant('x', 1)).item,
      claimant('first', 7, { redriveCount: 1 }),
    );

    for (const { item } of [held, queued]) {
      expect(refusalIn(requestClaim(item, claimant('first', 7), NOON)).name).toBe('ClaimLost');
    }
  });

  it('does not let a late invocation take the claim that its run has freed', () => {
    const who = claimant('first', 7);
    const { item } = releaseClaim(granted(service, who).item, who, NOON);

    expect(refusalIn(requestClaim(item, who, NOON)).name).toBe('ClaimLost');
    granted(item, { ...who, redriveCount: 1 });
  });
});

describe('a freeze', () => {
  const freeze = { reason: 'stocktaking', requestedBy: 'ops', until: NOON + 1 };
  const frozen = { ...service, freeze };

  it('refuses to start and to go on, with who, why and until when', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);

    for (const act of [
      () => {
        throw refusalIn(requestClaim(frozen, who, NOON));
      },
      () => assertClaim({ ...item, freeze }, holding(who, { document }), NOON),
    ]) {
      const error = failureOf(act);
      expect(error.name).toBe('ServiceFrozen');
      expect(error.message).toContain('ops froze webapp until 2026-03-02T12:00:00.001Z ("stocktaking")');
    }
  });

  it('ends by itself', () => {
    expect(activeFreezeOf(frozen, NOON)).toEqual(freeze);
    expect(activeFreezeOf(frozen, NOON + 1)).toBeUndefined();
    expect(requestClaim(frozen, claimant('first', 7), NOON + 1).kind).toBe('granted');
  });

  it('without an end lasts until it is lifted', () => {
    const forever = { ...service, freeze: { reason: 'stocktaking', requestedBy: 'ops' } };

    const error = refusalIn(requestClaim(forever, claimant('first', 7), NOON * 2));

    expect(error.message).toContain('until it is lifted');
  });

  it('does not keep a release that is live from being recorded', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);

    const completed = completeClaim({ ...item, freeze }, holding(who, { document }), lastKnownGood(), NOON);

    expect(completed.item).toMatchObject({ lastKnownGood: lastKnownGood(), freeze });
  });
});

describe('assertClaim', () => {
  it('lets the holder go on without a write', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);

    const held = settled(assertClaim(item, holding(who, { document }), NOON));

    expect(held.item).toBe(item);
    expect(held.document).toEqual(document);
  });

  it('says ClaimLost when somebody else holds the service, with both fencing numbers', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);
    const other = granted(releaseClaim(item, who, NOON).item, claimant('second', 8));

    const error = failureOf(() => assertClaim(other.item, holding(who, { document }, 1), NOON));

    expect(error.name).toBe('ClaimLost');
    expect(error.message).toContain('fencing number 1, now second holds it with 3');
  });

  it('does not give a free claim back to the run that lost it, but to a later run', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);
    const free = releaseClaim(item, who, NOON).item;

    const lost = failureOf(() => assertClaim(free, holding(who, { document }), NOON));
    const redriven = settled(assertClaim(free, holding(who, { document }, 1), NOON));

    expect(lost.message).toContain('now nobody holds it');
    expect(redriven.item).toMatchObject({ fence: 3, claim: { redriveCount: 1 } });
    expect(redriven.document.claim).toEqual({ fence: 3, redriveCount: 1, since: NOON });
  });

  it('does not let a run that had taken a free claim and was stopped take it once more', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);
    // The state's input is that of the first run: it was re-driven in the middle, not through the queue.
    const redriven = holding(who, { document }, 1);
    const taken = assertClaim(releaseClaim(item, who, NOON).item, redriven, NOON);

    const stopped = releaseClaim(taken.item, redriven, NOON);

    expect(failureOf(() => assertClaim(stopped.item, redriven, NOON)).name).toBe('ClaimLost');
  });

  it('refuses a re-driven run when a newer release has gone live', () => {
    const who = claimant('first', 7);
    const { item, document } = granted(service, who);
    const free = { ...releaseClaim(item, who, NOON).item, lastKnownGood: lastKnownGood() };

    const error = failureOf(() => assertClaim(free, holding(who, { document }, 1), NOON));

    expect(error.name).toBe('NewerReleaseLive');
  });
});

describe('releaseClaim', () => {
  it('hands the claim to the waiter in the same write', () => {
    const { item } = waiting(granted(service, claimant('first', 7)).item, claimant('second', 8));

    const released = releaseClaim(item, claimant('first', 7), NOON + 5);

    expect(released.handover).toMatchObject({
      taskToken: 'token of second',
      document: { deployment: 'second', claim: { fence: 3, redriveCount: 0 }, lastKnownGood: null },
    });
    expect(released.item).toMatchObject({ fence: 3, claim: { deployment: 'second', since: NOON + 5 } });
    expect(released.item.waiter).toBeUndefined();
  });

  it('refuses a waiter that the holder has outdated, and leaves the service free', () => {
    const first = claimant('first', 8);
    const { item, document } = granted(service, first);
    const redriven = claimant('late', 7, {
      redriveCount: 1,
      document: { lastKnownGood: null, resume: { from: 'UpdateService', after: 'RolloutFailed', count: 1 } },
    });
    const queued = waiting(item, redriven);

    const live = lastKnownGood({ deployment: 'first' });
    const completed = settled(completeClaim(queued.item, holding(first, { document }), live, NOON));

    expect(completed.handover).toMatchObject({
      taskToken: 'token of late',
      refusal: { name: 'NewerReleaseLive' },
    });
    expect(completed.item).toMatchObject({ claim: undefined, waiter: undefined, lastKnownGood: live });
  });

  it('refuses the waiter of a service that has been frozen, and leaves the service free', () => {
    const freeze = { reason: 'stocktaking', requestedBy: 'ops' };
    const { item } = waiting(granted(service, claimant('first', 7)).item, claimant('second', 8));

    const released = releaseClaim({ ...item, freeze }, claimant('first', 7), NOON);

    expect(released.handover).toMatchObject({ refusal: { name: 'ServiceFrozen' } });
    expect(released.item).toMatchObject({ claim: undefined, waiter: undefined, freeze });
  });

  it('remembers the run that ended, though an earlier one of its execution had taken the claim', () => {
    const first = claimant('first', 7);
    const { item, document } = granted(service, first);

    // Re-driven in the middle of a wait, which asks nobody for the claim, and stopped again.
    const free = releaseClaim(item, { ...first, redriveCount: 1 }, NOON).item;

    expect(failureOf(() => assertClaim(free, holding(first, { document }, 1), NOON)).name).toBe('ClaimLost');
    assertClaim(free, holding(first, { document }, 2), NOON);
  });

  it('takes a waiter that has ended out of the queue and leaves the holder alone', () => {
    const { item } = waiting(granted(service, claimant('first', 7)).item, claimant('second', 8));

    const released = releaseClaim(item, claimant('second', 8), NOON);

    expect(released).toMatchObject({ item: { claim: item.claim, fence: item.fence } });
    expect(released.item.waiter).toBeUndefined();
    expect(released.handover).toBeUndefined();
  });

  it('changes nothing for a stranger, nor for an earlier run than the one that holds or waits', () => {
    const { item } = waiting(
      granted(service, claimant('first', 7, { redriveCount: 1 })).item,
      claimant('second', 8, { redriveCount: 1 }),
    );

    for (const who of [claimant('first', 7), claimant('second', 8), claimant('third', 9)]) {
      expect(releaseClaim(item, who, NOON)).toEqual({ item });
    }
  });
});

describe('deadRun', () => {
  const holder = { owner: 'execution', redriveCount: 1, deployment: 'first', since: NOON };

  it('is none while the execution runs', () => {
    expect(deadRunOf(holder, { redriveCount: 1, isRunning: true }, NOON)).toBeUndefined();
  });

  it('is the last run of an execution that has ended', () => {
    expect(deadRunOf(holder, { redriveCount: 2, isRunning: false }, NOON)).toEqual({
      owner: 'execution',
      redriveCount: 2,
    });
  });

  it('does not free a run that was re-driven since the answer was true', () => {
    const { item } = granted(service, claimant('first', 7, { redriveCount: 1 }));

    const dead = deadRunOf(item.claim ?? holder, { redriveCount: 0, isRunning: false }, NOON);

    expect(releaseClaim(item, dead ?? claimant('first', 7), NOON).item).toBe(item);
  });

  it('takes an unknown execution for dead only when it cannot have just begun', () => {
    expect(deadRunOf(holder, undefined, NOON + 59_999)).toBeUndefined();
    expect(deadRunOf(holder, undefined, NOON + 60_000)).toEqual({ owner: 'execution', redriveCount: 1 });
  });
});

describe('completeClaim', () => {
  const who = claimant('first', 7);
  const live = lastKnownGood({ deployment: 'first', taskDefinition: revision(7), at: NOON });

  it('records the last known good and its build, and frees the claim, in one', () => {
    const { item, document } = granted(service, who);

    const completed = completeClaim(item, holding(who, { document }), live, NOON);

    expect(completed.item).toMatchObject({
      lastKnownGood: live,
      newestBuiltAt: 7,
      claim: undefined,
      fence: 2,
    });
  });

  it('never lets the newest build fall: a rollback deploys an older one', () => {
    const { item, document } = granted({ ...service, newestBuiltAt: 9 }, claimant('back', undefined));

    const back = holding(claimant('back', undefined), { document });

    expect(completeClaim(item, back, live, NOON).item.newestBuiltAt).toBe(9);
  });

  it('changes nothing when it is done already and only its answer was lost', () => {
    const { item, document } = granted(service, who);
    const done = completeClaim(item, holding(who, { document }), live, NOON);

    const again = completeClaim(done.item, holding(who, { document }), live, NOON + 1);

    expect(again).toEqual({ item: done.item });
  });

  it('says ClaimLost when the claim has gone to somebody else in between', () => {
    const { item, document } = granted(service, who);
    const other = granted(releaseClaim(item, who, NOON).item, claimant('second', 8));

    const error = failureOf(() => completeClaim(other.item, holding(who, { document }), live, NOON));

    expect(error.name).toBe('ClaimLost');
  });
});
