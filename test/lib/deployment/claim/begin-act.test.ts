import { describe, expect, it } from '@jest/globals';
import { beginAct } from '#lib/deployment/claim/begin-act.ts';
import { releaseClaim } from '#lib/deployment/claim/release.ts';
import { failureOf, NOON } from '../fixtures.ts';
import { claimant, granted, holding, service } from './claimants.ts';

const who = claimant('first', 7);
const held = granted(service, who);
const holder = holding(who, held);

describe('a state that is about to change the world', () => {
  it('writes that it does, and has eight seconds for its call, which has landed four seconds later', () => {
    const act = beginAct(held.item, holder, 'act-1', NOON);

    expect(act).toMatchObject({
      callBy: NOON + 8_000,
      document: { claim: { fence: 1, lastAct: 'act-1' } },
      item: {
        acting: {
          owner: who.owner,
          redriveCount: 0,
          deployment: 'first',
          id: 'act-1',
          until: NOON + 12_000,
        },
      },
    });
  });

  it('waits until what an earlier call sent has landed, and writes nothing', () => {
    const { item } = beginAct(held.item, holder, 'act-1', NOON);

    expect(beginAct(item, holder, 'act-2', NOON + 11_999)).toEqual({ item, until: NOON + 12_000 });
    expect(beginAct(item, holder, 'act-2', NOON + 12_000)).toMatchObject({ callBy: NOON + 20_000 });
  });

  it('waits for no call of which it knows that it has ended', () => {
    const act = beginAct(held.item, holder, 'act-1', NOON);
    if (!('document' in act)) throw new Error('It may not act');

    const next = beginAct(act.item, { ...holder, document: act.document }, 'act-2', NOON + 1);

    expect(next).toMatchObject({ item: { acting: { id: 'act-2' } }, callBy: NOON + 8_001 });
  });

  it('is refused without the claim', () => {
    const free = releaseClaim(held.item, who, NOON).item;

    expect(failureOf(() => beginAct(free, holder, 'act-1', NOON)).name).toBe('ClaimLost');
  });
});
