import type * as z from 'zod';

/** What is wrong with a member whose schema does not say it itself: zod's own words are for programmers. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `has to be a ${issue.expected}`;
    case 'too_small':
      return `has to have at least ${issue.minimum} characters`;
    case 'too_big':
      return `has to have at most ${issue.maximum} characters`;
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `${issue.keys.map((key) => JSON.stringify(key)).join(', ')} is not known here`;
    default:
      return undefined;
  }
}

/** What does not match the schema, member by member, as part of a sentence. */
export const joinIssues = ({ issues }: z.ZodError) =>
  issues.map(({ path, message }) => [...path, message].join(': ')).join(', ');
