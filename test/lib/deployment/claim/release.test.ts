import { describe, expect, it } from '@jest/globals';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { completeClaim, releaseClaim } from '#lib/deployment/claim/release.ts';
import { failureOf, lastKnownGood, NOON, revision } from '../fixtures.ts';
import { claimant, granted, holding, service, settled, waiting } from './claimants.ts';

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
