import { describe, expect, it } from '@jest/globals';
import { assertClaim } from '#lib/deployment/claim/claim.ts';
import { activeFreezeOf } from '#lib/deployment/claim/freeze.ts';
import { completeClaim } from '#lib/deployment/claim/release.ts';
import { type ClaimDecision, requestClaim } from '#lib/deployment/claim/request.ts';
import { failureOf, lastKnownGood, NOON } from '../fixtures.ts';
import { claimant, expectKind, granted, holding, service } from './claimants.ts';

/** What a request for the claim is refused with. */
const refusalIn = (decision: ClaimDecision) => expectKind(decision, 'refused').error;

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
