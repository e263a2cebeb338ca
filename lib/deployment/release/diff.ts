/** One difference between what runs and what would run. `null` stands for what is not there. */
export interface Change {
  /** `containerDefinitions[webapp].image` */
  path: string;
  from: unknown;
  to: unknown;
}

type Members = Record<string, unknown>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists whose items have names (containers, variables, secrets, volumes) are compared by name. */
const isNamed = (value: unknown): value is (Members & { name: string })[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((item) => isMembers(item) && typeof item.name === 'string');

const indexByName = (items: (Members & { name: string })[]): Members =>
  Object.fromEntries(items.map((item) => [item.name, item]));

/** What differs, in the order of the paths; both sides in one normal form. */
export function changesBetween(from: unknown, to: unknown, path = ''): Change[] {
  const lists = [from, to].filter((side) => side !== undefined);
  if (lists.length > 0 && lists.every(isNamed)) {
    const [before, after] = [from, to].map((side) => (isNamed(side) ? indexByName(side) : {}));
    return compareMembers(before ?? {}, after ?? {}, (name) => `${path}[${name}]`);
  }
  if (isMembers(from) && isMembers(to))
    return compareMembers(from, to, (name) => (path === '' ? name : `${path}.${name}`));
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  return [{ path, from: from ?? null, to: to ?? null }];
}

function compareMembers(from: Members, to: Members, pathOf: (name: string) => string): Change[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names.flatMap((name) => changesBetween(memberOf(from, name), memberOf(to, name), pathOf(name)));
}

const memberOf = (members: Members, name: string) =>
  Object.hasOwn(members, name) ? members[name] : undefined;
