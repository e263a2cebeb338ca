import { describe, expect, it } from '@jest/globals';
import { parseDocument, requireValue, runOf } from '#lib/deployment/document.ts';
import { document, failureOf, NOON, release } from './fixtures.ts';

describe('the deployment document', () => {
  it('is accepted as it is, defaults and all', () => {
    expect(parseDocument(document())).toEqual(document());
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown member', { ...document(), force: true }, /force/],
    ['a service that no table key may have', { ...document(), service: 'Web App' }, /service/],
    ['a digest of another kind', document({ release: release({ digest: 'latest' }) }), /digest/],
    ['a name longer than that of an execution', document({ deployment: 'x'.repeat(81) }), /deployment/],
    ['nothing', undefined, /object/],
  ])('is refused with %s, which is named', (_, value, message) => {
    const error = failureOf(() => parseDocument(value));

    expect(error.name).toBe('InvalidDocument');
    expect(error.message).toMatch(message);
  });

  it('lacking what a state needs says so', () => {
    expect(requireValue(0, 'zero')).toBe(0);
    for (const value of [undefined, null]) {
      expect(failureOf(() => requireValue(value, 'rollout'))).toMatchObject({
        name: 'InvalidDocument',
        message: expect.stringContaining('"rollout" is missing'),
      });
    }
  });
});

describe('the run of an execution', () => {
  it('began with the execution, or with its last redrive', () => {
    const first = { arn: 'arn', redriveCount: 0, startedAt: NOON };

    expect(runOf(first)).toEqual({ redriveCount: 0, since: NOON });
    expect(runOf({ ...first, redriveCount: 2, redrivenAt: NOON + 5 })).toEqual({
      redriveCount: 2,
      since: NOON + 5,
    });
  });
});
