import { describe, expect, it } from '@jest/globals';
import { parseDocument, requireValue } from '#lib/deployment/document.ts';
import { document, failureOf, release } from './fixtures.ts';

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
