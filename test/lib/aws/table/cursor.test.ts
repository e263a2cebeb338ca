import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { decodeCursor, encodeCursor } from '#lib/aws/table/cursor.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { remember } from '#lib/operations/deployment-logs.ts';
import { fc } from '#test/support/property.ts';

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
  // Keys are hashes: what zod makes of __proto__ does not matter.
  const key = fc.string().map((text) => `key-${text}`);

  it('brings back where an answer ended', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string({ unit: 'grapheme' })), (position) => {
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

  it('of the logs of ten containers fits an address', () => {
    const token = (stream: number) => `f/${String(stream).padStart(56, '3')}/s`;
    const ten = Array.from({ length: 10 }, (_, stream) => [`key-${stream}x`, token(stream)] as const);

    const position = remember({ gone: token(10), older: token(11) }, ten);

    expect(position).toEqual(Object.fromEntries(ten));
    expect(encodeCursor('webapp/webapp-1/logs', position).length).toBeLessThanOrEqual(1_024);
    expect(remember({ gone: token(10) }, ten.slice(1))).toHaveProperty('gone', token(10));
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
