import { describe, expect, it } from '@jest/globals';
import { requestRollback } from '#lib/deployment/ending/request-rollback.ts';
import { rollbackTargetOf } from '#lib/deployment/ending/rollback.ts';
import { good, item } from '../claim/gone-live.ts';
import { failureOf, NOON } from '../fixtures.ts';

const asked = { deployment: 'back-1', named: undefined, force: false, freeze: undefined };
const before = item('3', '2', '1');
const record = (name: string) => ({ ...good(name), status: 'SUCCEEDED', startedAt: 1 });

describe('a rollback that somebody asks for', () => {
  it('has its target fixed at that moment, on the item', () => {
    const { item: after, target } = requestRollback(before, asked, 'webapp:3', NOON);

    expect(target?.deployment).toBe('webapp-2');
    expect(after.rollback).toEqual({ deployment: 'back-1', taskDefinition: 'webapp:2', at: NOON });
  });

  it('joins the one that is pending, also while that is leaving the release that is live', () => {
    const first = requestRollback(before, asked, 'webapp:3', NOON).item;
    const claim = { owner: 'arn', redriveCount: 0, deployment: 'back-1', since: NOON };

    const second = requestRollback(
      { ...first, claim },
      { ...asked, deployment: 'back-2' },
      'webapp:2',
      NOON + 90_000,
    );

    expect(second.joins?.deployment).toBe('back-1');
    expect(second.item.rollback?.deployment).toBe('back-1');
  });

  it('to a release that is named joins only who goes there', () => {
    const first = requestRollback(before, asked, 'webapp:3', NOON).item;
    const to = (name: string) => ({ ...asked, deployment: 'back-2', named: rollbackTargetOf(record(name)) });

    expect(requestRollback(first, to('2'), 'webapp:3', NOON).joins?.deployment).toBe('back-1');
    const further = requestRollback(first, to('1'), 'webapp:3', NOON);
    expect(further.joins).toBeUndefined();
    expect(further.target?.deployment).toBe('webapp-1');
  });

  it('asked for again after a lost answer does not join itself', () => {
    const first = requestRollback(before, asked, 'webapp:3', NOON).item;

    expect(requestRollback(first, asked, 'webapp:3', NOON + 1).target?.deployment).toBe('webapp-2');
  });

  it('freezes the service in the same write, also where it joins another', () => {
    const freeze = { reason: 'it eats orders', requestedBy: 'ops' };
    const first = requestRollback(before, { ...asked, freeze }, 'webapp:3', NOON).item;

    expect(first.freeze).toEqual(freeze);
    const pending = requestRollback(before, asked, 'webapp:3', NOON).item;
    expect(
      requestRollback(pending, { ...asked, deployment: 'b', freeze }, 'webapp:3', NOON).item.freeze,
    ).toEqual(freeze);
  });

  it('of a frozen service, or across the schema, is refused unless forced', () => {
    const frozen = { ...before, freeze: { reason: 'r', requestedBy: 'ops' } };
    const ahead = { ...before, schemaAhead: { deployment: 'webapp-3', at: NOON } };

    expect(failureOf(() => requestRollback(frozen, asked, 'webapp:3', NOON)).name).toBe('ServiceFrozen');
    expect(failureOf(() => requestRollback(ahead, asked, 'webapp:3', NOON)).name).toBe('SchemaAhead');
    const forced = { ...asked, force: true };
    expect(requestRollback({ ...frozen, ...ahead }, forced, 'webapp:3', NOON).target?.deployment).toBe(
      'webapp-2',
    );
  });
});
