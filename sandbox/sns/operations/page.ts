import { invalidParameter } from '../state.ts';

/** Pages of 100, as SNS lists. */
export function pageOf<Item>(
  items: Item[],
  token: string | undefined,
): { items: Item[]; NextToken?: string } {
  const start = Number(token ?? 0);
  if (!Number.isInteger(start)) throw invalidParameter('NextToken');
  const end = start + 100;
  return { items: items.slice(start, end), ...(end < items.length && { NextToken: String(end) }) };
}
