import { describe, expect, it } from '@jest/globals';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { activeFreezeOf, freezeOf, liftFreeze } from '#lib/deployment/claim/freeze.ts';
import { completeClaim } from '#lib/deployment/claim/release.ts';
import { requestClaim } from '#lib/deployment/claim/request.ts';
import { failureOf, lastKnownGood, NOON } from '../fixtures.ts';
import { claimant, granted, holding, refusalIn, service } from './claimants.ts';

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

describe('a freeze that somebody asks for', () => {
  it('lasts until the time that is given, in any zone, or until it is lifted', () => {
    expect(freezeOf({ reason: 'sale', until: '2026-03-02T14:00:00+01:00' }, 'ops', NOON)).toEqual({
      reason: 'sale',
      requestedBy: 'ops',
      until: NOON + 3_600_000,
    });
    expect(freezeOf({ reason: 'sale' }, 'ops', NOON)).toEqual({ reason: 'sale', requestedBy: 'ops' });
  });

  it.each([
    ['2026-03-02T12:00:00Z', 'until: 2026-03-02T12:00:00Z is not in the future'],
    ['soon', 'until: soon is not in the future'],
    ['2027-03-04T12:00:00Z', 'until: 2027-03-04T12:00:00Z is more than a year ahead; leave it out'],
  ])('is refused until %s', (until, why) => {
    const error = failureOf(() => freezeOf({ reason: 'sale', until }, 'ops', NOON));

    expect(error.name).toBe('InvalidRequest');
    expect(error.message).toContain(why);
  });

  it('may be a leap year long', () => {
    expect(freezeOf({ reason: 'sale', until: '2027-03-03T12:00:00Z' }, 'ops', NOON).until).toBe(
      NOON + 366 * 86_400_000,
    );
  });
});

describe('a freeze that is lifted', () => {
  it('is gone, and nothing is written where there is none', () => {
    expect(liftFreeze({ ...service, freeze: { reason: 'sale', requestedBy: 'ops' } }).freeze).toBeUndefined();
    expect(liftFreeze(service)).toBe(service);
  });
});
