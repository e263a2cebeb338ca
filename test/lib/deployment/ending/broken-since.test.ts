import { describe, expect, it } from '@jest/globals';
import { emptyServiceItem } from '#lib/deployment/claim/service-item.ts';
import { brokenSinceChangeOf, withBrokenSinceChange } from '#lib/deployment/ending/broken-since.ts';
import { lastKnownGood, NOON } from '../fixtures.ts';
import { failure, rolledOut } from './failed.ts';
import { interrupted, interruptedIn } from './outcomes.ts';

describe('how a deployment leaves its service', () => {
  it.each(interrupted)('is told of one that was interrupted in %s: %s', (state, _outcome, change, given) => {
    expect(brokenSinceChangeOf(interruptedIn(state, given), NOON)).toEqual(change);
  });

  it('is not told where what runs is not its own any more', () => {
    const replaced = rolledOut({ failure: failure({ error: 'RolloutReplaced' }) });

    expect(brokenSinceChangeOf(replaced, NOON)).toBeUndefined();
  });
});

describe('the item of a service', () => {
  const well = { ...emptyServiceItem('webapp'), lastKnownGood: lastKnownGood({ at: NOON - 10 }) };
  const broken = { ...well, brokenSince: NOON };

  it('is the very same where nothing has changed it', () => {
    expect(withBrokenSinceChange(broken, undefined)).toBe(broken);
  });

  it('is broken since the first change that left it so', () => {
    expect(withBrokenSinceChange(well, { brokenSince: NOON })).toEqual(broken);
    expect(withBrokenSinceChange(broken, { brokenSince: NOON + 5 })).toBe(broken);
    expect(withBrokenSinceChange(broken, { brokenSince: NOON - 5 })).toBe(broken);
  });

  it('is not broken by a change that is told late, after a release has gone live', () => {
    expect(withBrokenSinceChange(well, { brokenSince: NOON - 11 })).toBe(well);
    expect(withBrokenSinceChange(well, { brokenSince: NOON - 10 })).toEqual({
      ...well,
      brokenSince: NOON - 10,
    });
  });

  it('is well once it has been led back, unless another change has broken it since', () => {
    expect(withBrokenSinceChange(broken, { restoredAt: NOON })).toEqual(well);
    expect(withBrokenSinceChange(broken, { restoredAt: NOON - 1 })).toBe(broken);
    expect(withBrokenSinceChange(well, { restoredAt: NOON })).toBe(well);
  });
});
