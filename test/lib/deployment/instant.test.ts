import { expect, it } from '@jest/globals';
import { formatInstant } from '#lib/deployment/instant.ts';

it('a moment is read as ISO 8601 in UTC, to the millisecond', () => {
  expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(formatInstant(Date.parse('2026-03-02T13:00:00.007+01:00'))).toBe('2026-03-02T12:00:00.007Z');
});
