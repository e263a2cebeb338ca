import { describe, expect, it } from '@jest/globals';
import { parseUntil } from '#cli/commands/until.ts';

describe('--until', () => {
  const now = Date.parse('2030-01-31T12:00:00Z');

  it.each([
    ['30s', '2030-01-31T12:00:30.000Z'],
    ['90m', '2030-01-31T13:30:00.000Z'],
    ['2h', '2030-01-31T14:00:00.000Z'],
    ['3d', '2030-02-03T12:00:00.000Z'],
    ['2030-02-01T08:00+01:00', '2030-02-01T07:00:00.000Z'],
  ])('takes %s', (text, instant) => {
    expect(parseUntil(text)?.(now)).toBe(instant);
  });

  it.each([
    '',
    'tomorrow',
    '0h',
    '2 h',
    '2030-02-01',
    '2030-02-01T08:00',
    '2030-13-01T08:00Z',
    '2026-02-31T12:00Z',
  ])('refuses "%s"', (text) => {
    expect(parseUntil(text)).toBeUndefined();
  });
});
