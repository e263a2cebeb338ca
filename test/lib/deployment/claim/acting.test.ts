import { describe, expect, it } from '@jest/globals';
import { unsettledUntil, withoutAct } from '#lib/deployment/claim/acting.ts';
import { NOON } from '../fixtures.ts';
import { service } from './claimants.ts';

const acting = { owner: 'execution', redriveCount: 0, deployment: 'first', id: 'act-1', until: NOON };

describe('a call that changes the world', () => {
  it('may still land until its time is over', () => {
    expect(unsettledUntil({ acting }, undefined, NOON - 1)).toBe(NOON);
    expect(unsettledUntil({ acting }, undefined, NOON)).toBeUndefined();
  });

  it('has landed where the document knows that its state has returned', () => {
    expect(unsettledUntil({ acting }, 'act-1', NOON - 1)).toBeUndefined();
    expect(unsettledUntil({ acting }, 'act-0', NOON - 1)).toBe(NOON);
  });

  it('is none where nobody has acted', () => {
    expect(unsettledUntil({}, undefined, NOON)).toBeUndefined();
  });

  it('is taken back by its own id only', () => {
    const item = { ...service, acting };

    expect(withoutAct(item, 'act-1').acting).toBeUndefined();
    expect(withoutAct(item, 'act-2')).toBe(item);
  });
});
