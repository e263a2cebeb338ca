import { AwsError } from '#sandbox/core/errors.ts';

const DEFAULT_PAGE = 100;

/** One page; the token says where the next one begins. maxResults 0 means the default. */
export function page<Item>(
  items: readonly Item[],
  { maxResults, nextToken }: { maxResults?: number; nextToken?: string },
): { items: Item[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : startOf(nextToken);
  const end = start + (maxResults || DEFAULT_PAGE);
  const chosen = items.slice(start, end);
  return end < items.length ? { items: chosen, nextToken: tokenFor(end) } : { items: chosen };
}

function tokenFor(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url');
}

function startOf(token: string): number {
  const start = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (start === undefined) throw new AwsError('InvalidToken', `Invalid Token: '${token}'`);
  return Number(start);
}
