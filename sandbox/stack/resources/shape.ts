import type { Properties } from './resource-type.ts';

/** The named properties, as far as they are there. */
export function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}

export function omit(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** Texts where CloudFormation takes any scalar. */
export function textMap(map: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((map ?? {}) as Properties).map(([key, value]) => [key, String(value)]),
  );
}

/** A number that a template may well write as text. */
export function integer(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** A list of {Key, Value} as a map. */
export function tagMap(tags: unknown): Record<string, string> | undefined {
  if (!Array.isArray(tags)) return undefined;
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, String(Value)]));
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * The same structure with member names as APIs such as ECS spell them: TaskRoleArn becomes taskRoleArn. Maps
 * whose keys are the user's own (`opaque`, by property name) stay as they are.
 */
export function camelCase(
  value: unknown,
  opaque: readonly string[] = [],
  renamed: Record<string, string> = {},
): unknown {
  if (Array.isArray(value)) return value.map((element) => camelCase(element, opaque, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      renamed[name] ?? lowerFirst(name),
      opaque.includes(name) ? inner : camelCase(inner, opaque, renamed),
    ]),
  );
}

/** CloudFormation takes a policy as JSON, the APIs take its text. */
export function json(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}
