import { invalidParameter } from './errors.ts';

/** One page of a list and the token of the next; the token holds the position, and means nothing to the caller. */
export function paginate<Item>(
  items: Item[],
  request: { nextToken?: string; maxResults?: number },
  limit = 100,
): { page: Item[]; nextToken?: string } {
  const start = request.nextToken === undefined ? 0 : position(request.nextToken);
  const size = request.maxResults ?? limit;
  if (size < 1 || size > limit) throw invalidParameter(`maxResults must be between 1 and ${limit}.`);
  const end = start + size;
  return {
    page: items.slice(start, end),
    ...(end < items.length && { nextToken: Buffer.from(`from:${end}`).toString('base64') }),
  };
}

function position(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString());
  if (!match) throw invalidParameter('Invalid token.');
  return Number(match[1]);
}
