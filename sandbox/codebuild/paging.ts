import { invalidInput } from './state.ts';

/** CodeBuild's lists come in pages of 100. The token is the index to go on from. */
export function page<Item>(items: Item[], token: string | undefined): { items: Item[]; nextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw invalidInput('Invalid nextToken');
  const end = start + 100;
  return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
}
