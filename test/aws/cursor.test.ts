import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { decodeCursor, encodeCursor } from '#lib/aws/cursor.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';

const Position = z.record(z.string(), z.string());
const decode = (cursor: string, scope = 'webapp') => decodeCursor(scope, Position, cursor);
const refused = expect.objectContaining({ name: 'InvalidRequest' });
const whyNot = (cursor: string, scope?: string) => {
  try {
    return decode(cursor, scope);
  } catch (error) {
    return error instanceof DeploymentError ? error : `not by name: ${error}`;
  }
};

describe('a cursor', () => {
  it('brings back where an answer ended', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), (position) => {
        expect(decode(encodeCursor('webapp', position))).toEqual({ ...position });
      }),
    );
  });

  it('is refused by name where it is none, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.base64String()), (text) => {
        expect(whyNot(text)).toEqual(refused);
      }),
    );
  });

  it.each([
    ['of something else', encodeCursor('shop', { stream: 'f/1/s' })],
    ['that was cut short', encodeCursor('webapp', { stream: 'f/1/s' }).slice(0, -2)],
    ['that was changed', encodeCursor('webapp', { stream: 'f/1/s' }).replace(/^./, '_')],
    ['with something behind it', `${encodeCursor('webapp', { stream: 'f/1/s' })}=`],
    ['of another shape', encodeCursor('webapp', { stream: 1 })],
  ])('%s is refused', (_, cursor) => {
    expect(whyNot(cursor)).toEqual(refused);
  });
});
