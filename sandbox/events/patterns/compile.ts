import { compileMatcher } from './matchers.ts';
import { invalidPattern } from './value-matcher.ts';

/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

/** A field of one object: its values, and those of the same path anywhere in the event. Arrays are flattened. */
type FieldMatcher = (values: unknown[], everywhere: unknown[]) => boolean;

/**
 * Of an array of objects, one element has to match a pattern's fields together ("array consistency" of Event
 * Ruler, the library behind EventBridge); a field is absent only where no element has it. Hence both: the one
 * object (undefined where the path ends before) and all objects at its path.
 */
type ObjectMatcher = (object: EventObject | undefined, everywhere: EventObject[]) => boolean;

type EventObject = Record<string, unknown>;

/** Reads an event pattern (its JSON text) as EventBridge does, or throws InvalidEventPatternException. */
export function compilePattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern((error as Error).message);
  }
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  if (Object.keys(pattern).length === 0) throw invalidPattern('Empty objects are not allowed');
  const matches = compileObject(pattern);
  return (event) => isObject(event) && matches(event, [event]);
}

function isObject(value: unknown): value is EventObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every field has to match, and one of the alternatives of `$or`. */
function compileObject(pattern: Record<string, unknown>): ObjectMatcher {
  const fields = Object.entries(pattern).map(([name, expected]) =>
    name === '$or' ? compileAlternatives(expected) : compileField(name, expected),
  );
  return (object, everywhere) => fields.every((field) => field(object, everywhere));
}

/** At least two patterns; a field that is really called $or has any other form. */
function compileAlternatives(expected: unknown): ObjectMatcher {
  if (!Array.isArray(expected) || expected.length < 2 || !expected.every(isObject)) {
    throw invalidPattern('$or must be an array of at least two objects');
  }
  const alternatives = expected.map(compileObject);
  return (object, everywhere) => alternatives.some((alternative) => alternative(object, everywhere));
}

function compileField(name: string, expected: unknown): ObjectMatcher {
  if (isObject(expected)) {
    if (Object.keys(expected).length === 0) throw invalidPattern('Empty objects are not allowed');
    return compileInner(name, compileObject(expected));
  }
  if (!Array.isArray(expected)) throw invalidPattern(`"${name}" must be an object or an array`);
  if (expected.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matches = compileValues(expected);
  // Only leaves count: a field that holds an object has no value, and does not exist ("Exists matching").
  const leaves = (objects: EventObject[]) => children(objects, name).filter((value) => !isObject(value));
  return (object, everywhere) => matches(leaves(object === undefined ? [] : [object]), leaves(everywhere));
}

function compileInner(name: string, inner: ObjectMatcher): ObjectMatcher {
  return (object, everywhere) => {
    const everywhereInside = children(everywhere, name).filter(isObject);
    const inside = children(object === undefined ? [] : [object], name).filter(isObject);
    if (inside.length === 0) return inner(undefined, everywhereInside);
    return inside.some((child) => inner(child, everywhereInside));
  };
}

/** The values of a field in any of the objects; an array of an event stands for each of its elements. */
function children(objects: EventObject[], name: string): unknown[] {
  return objects.filter((object) => Object.hasOwn(object, name)).flatMap((object) => flatten(object[name]));
}

function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [value];
}

/** One of the expected values has to match one of the event's. */
function compileValues(expected: unknown[]): FieldMatcher {
  const matchers = expected.map((element): FieldMatcher => {
    if (isObject(element) && 'exists' in element) return compileExists(element);
    const matches = compileMatcher(element);
    return (values) => values.some(matches);
  });
  return (values, everywhere) => matchers.some((matches) => matches(values, everywhere));
}

function compileExists(element: Record<string, unknown>): FieldMatcher {
  if (typeof element.exists !== 'boolean' || Object.keys(element).length !== 1) {
    throw invalidPattern('exists match pattern must be either true or false.');
  }
  return element.exists ? (values) => values.length > 0 : (_, everywhere) => everywhere.length === 0;
}
