import { describe, expect, it } from '@jest/globals';
import { emptyServiceItem, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { lastKnownGood, NOON } from '../fixtures.ts';
import { claimant, granted, waiting } from './claimants.ts';

describe('the item of a service', () => {
  it('of a service that nobody has deployed yet holds nothing', () => {
    expect(emptyServiceItem('webapp')).toEqual({ service: 'webapp', fence: 0 });
  });

  it('is read back as it was written, with holder, waiter, freeze and what is live', () => {
    const { item } = waiting(
      granted(emptyServiceItem('webapp'), claimant('first', 7)).item,
      claimant('second', 8),
    );
    const all = {
      ...item,
      lastKnownGood: lastKnownGood(),
      previousGood: [lastKnownGood({ deployment: 'webapp-5' })],
      freeze: { reason: 'stocktaking', requestedBy: 'ops', until: NOON },
      schemaAhead: { deployment: 'webapp-5', at: NOON },
      released: { owner: 'execution', redriveCount: 1 },
    };

    expect(ServiceItem.parse(all)).toEqual(all);
  });

  it.each([
    ['a freeze without its reason', { freeze: { requestedBy: 'ops' } }],
    ['a holder without its run', { claim: { owner: 'execution', deployment: 'first', since: NOON } }],
    ['a fencing number that is none', { fence: 'x' }],
  ])('is not read with %s', (_, given) => {
    expect(ServiceItem.safeParse({ ...emptyServiceItem('webapp'), ...given }).success).toBe(false);
  });
});
