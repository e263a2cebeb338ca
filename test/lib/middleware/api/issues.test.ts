import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { describeIssue, joinIssues } from '#lib/middleware/api/issues.ts';

const Request = z.strictObject({
  name: z.string().min(2).max(4).optional(),
  kind: z.enum(['one', 'other']).optional(),
  needed: z.number(),
});

const wordsOf = (value: unknown) => {
  const { error } = Request.safeParse(value, { error: describeIssue });
  return error && joinIssues(error);
};

describe('what is wrong with a request, in words', () => {
  it.each([
    ['a member that is missing', {}, 'needed: is missing'],
    ['one of another type', { needed: 'many' }, 'needed: has to be a number'],
    ['one that is too short', { needed: 1, name: 'a' }, 'name: has to have at least 2 characters'],
    ['one that is too long', { needed: 1, name: 'abcde' }, 'name: has to have at most 4 characters'],
    ['one of other values', { needed: 1, kind: 'third' }, 'kind: has to be one of one, other'],
    ['members that nobody knows', { needed: 1, a: 1, b: 2 }, '"a", "b" is not known here'],
    ['several', { name: 'a' }, 'name: has to have at least 2 characters, needed: is missing'],
    ['nothing', { needed: 1 }, undefined],
  ])('%s', (_, value, words) => {
    expect(wordsOf(value)).toBe(words);
  });

  it("leaves to a schema's own words what it says itself", () => {
    const Limit = z.object({ limit: z.string().regex(/^\d$/, 'has to be a digit') });
    const { error } = Limit.safeParse({ limit: 'x' }, { error: describeIssue });

    expect(error && joinIssues(error)).toBe('limit: has to be a digit');
  });
});
