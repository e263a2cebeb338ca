import { describe, expect, it } from '@jest/globals';
import { formatDuration } from '#cli/render/format.ts';

describe('words', () => {
  it.each([
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [65_000, '1 min 05 s'],
    [3_720_000, '1 h 02 min'],
    [100_000_000, '1 d 3 h'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});
