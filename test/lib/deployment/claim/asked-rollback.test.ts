import { describe, expect, it } from '@jest/globals';
import {
  isRollbackWaiting,
  pendingRollbackOf,
  supersedingRollbackOf,
  withRollbackEnded,
} from '#lib/deployment/claim/asked-rollback.ts';
import { requestClaim } from '#lib/deployment/claim/request.ts';
import { NOON, revision } from '../fixtures.ts';
import { claimant, expectKind, granted, refusalIn, service, waiting } from './claimants.ts';

const asked = { deployment: 'back', taskDefinition: revision(6), wentLiveAt: 1, at: NOON };
const rollingBack = claimant('back', undefined, {
  document: { trigger: { kind: 'rollback', requestedBy: 'ops' } },
});

describe('a rollback that was asked for', () => {
  it('is pending while its execution starts, and while it waits or holds the claim', () => {
    const item = { ...service, rollback: asked };
    const { item: held } = granted(item, rollingBack);

    expect(pendingRollbackOf(item, NOON + 59_999)).toEqual(asked);
    expect(pendingRollbackOf(item, NOON + 60_000)).toBeUndefined();
    expect(pendingRollbackOf(held, NOON + 3_600_000)).toEqual(asked);
    expect(pendingRollbackOf(service, NOON)).toBeUndefined();
  });

  it('that went live is pending no more, and goes on superseding builds that began before', () => {
    const item = withRollbackEnded({ ...service, rollback: asked }, 'back', true);

    expect(pendingRollbackOf(item, NOON)).toBeUndefined();
    expect(supersedingRollbackOf(item, NOON + 3_600_000)).toEqual({ ...asked, isLive: true });
    expect(refusalIn(requestClaim(item, claimant('late', NOON - 1), NOON))).toMatchObject({
      name: 'Superseded',
      message: expect.stringContaining('before the rollback back was asked for at 2026-03-02T12:00:00.000Z'),
    });
    expect(requestClaim(item, claimant('fix', NOON), NOON).kind).toBe('granted');
  });

  it('that failed supersedes nothing, nor does the end of another deployment', () => {
    const item = { ...service, rollback: asked };

    expect(withRollbackEnded(item, 'back', false).rollback).toBeUndefined();
    expect(withRollbackEnded(item, 'other', false)).toBe(item);
    const live = withRollbackEnded(item, 'back', true);
    expect(withRollbackEnded(live, 'back', false)).toBe(live);
  });

  it('supersedes no build that somebody redrives', () => {
    const redriven = claimant('late', NOON - 1, {
      redriveCount: 1,
      document: { resume: { from: 'UpdateService', after: 'RolloutFailed', count: 1 } },
    });

    expect(requestClaim({ ...service, rollback: asked }, redriven, NOON).kind).toBe('granted');
  });
});

describe('the queue', () => {
  const { item: held } = granted(service, claimant('holder', 7));

  it('has a rollback at its head: it takes the place of the build that waits', () => {
    const queued = waiting(held, claimant('push', 8)).item;

    const decision = expectKind(requestClaim(queued, rollingBack, NOON), 'waiting');

    expect(decision.displaced?.deployment).toBe('push');
    expect(isRollbackWaiting(decision.item.waiter)).toBe(true);
  });

  it('keeps the place of a rollback: a later push waits without one, and asks again', () => {
    const queued = waiting(held, rollingBack).item;

    const decision = expectKind(requestClaim(queued, claimant('fix', 9), NOON), 'waiting');

    expect(decision.item).toBe(queued);
    expect(decision.displaced).toBeUndefined();
  });

  it('does not let a push slip in while a free claim is being handed over to a rollback', () => {
    const queued = { ...waiting(held, rollingBack).item, claim: undefined };

    // Under the rollback's name, so that the push finds out should it be dead.
    expect(requestClaim(queued, claimant('fix', 9), NOON)).toMatchObject({
      kind: 'waiting',
      item: queued,
      holder: { deployment: queued.waiter?.deployment },
    });
  });
});
