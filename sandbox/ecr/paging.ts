import { AwsError } from '#sandbox/core/errors.ts';

/** One page of a list, with ECR's default of 100 a page. The token is the index to go on from. */
export function page<Item>(
  items: Item[],
  input: { maxResults?: number; nextToken?: string },
): { items: Item[]; nextToken?: string } {
  const start = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidParameterException', "Invalid parameter at 'nextToken'");
  }
  const end = start + (input.maxResults ?? 100);
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
