import { describe, expect, it } from '@jest/globals';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { releaseClaim } from '#lib/deployment/claim/release.ts';
import { failureOf, lastKnownGood, NOON } from '../fixtures.ts';
import { claimant, granted, holding, service, settled } from './claimants.ts';

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
