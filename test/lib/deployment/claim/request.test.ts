import { describe, expect, it } from '@jest/globals';
import { releaseClaim } from '#lib/deployment/claim/release.ts';
import { deadRunOf, refusalOf, requestClaim } from '#lib/deployment/claim/request.ts';
import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { lastKnownGood, NOON, revision, settings } from '../fixtures.ts';
import { claimant, expectKind, granted, refusalIn, service, waiting } from './claimants.ts';

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

    waiting(item, claimant('late', 7, { redriveCount: 1, document: { resume, lastKnownGood: null } }));
  });

  it('lets no older build that is re-driven overtake a newer one that went live before it ever got the claim', () => {
    const resume = { from: 'VerifyRelease', after: 'ServiceFrozen', count: 1 };
    const redriven = claimant('late', 7, { redriveCount: 1, document: { resume } });

    const overtaken = refusalIn(requestClaim({ ...service, newestBuiltAt: 8 }, redriven, NOON));
    const behind = refusalIn(requestClaim(granted(service, claimant('other', 8)).item, redriven, NOON));

    expect([overtaken.name, behind.name]).toEqual(['Superseded', 'Superseded']);
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

describe('refusalOf', () => {
  const reject = { concurrency: 'reject' as const };
  const { item: held } = granted(service, claimant('first', 7));

  it('is a freeze, or another deployment where services.yml says reject', () => {
    const freeze = { reason: 'stocktaking', requestedBy: 'ops' };

    expect(refusalOf({ ...service, freeze }, reject, NOON)?.name).toBe('ServiceFrozen');
    expect(refusalOf(held, reject, NOON)).toMatchObject({
      name: 'DeploymentInProgress',
      message: expect.stringContaining('first holds webapp'),
    });
  });

  it('is none where the deployment would go on, or wait', () => {
    expect(refusalOf(service, reject, NOON)).toBeUndefined();
    expect(refusalOf(held, { concurrency: 'queue' }, NOON)).toBeUndefined();
  });
});
