/** One page of things in order of name; the token is the name that the next page starts behind. */
export function pageByName<Item extends { name: string }>(
  items: Item[],
  token: string | undefined,
  limit = 50,
): { items: Item[]; nextToken?: string } {
  const start = token === undefined ? 0 : items.findIndex((item) => item.name === token) + 1;
  const chosen = items.slice(start, start + limit);
  const more = start + limit < items.length;
  return more ? { items: chosen, nextToken: chosen.at(-1)?.name } : { items: chosen };
}
