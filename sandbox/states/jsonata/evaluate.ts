import jsonata from 'jsonata';
import type { Json } from '../json.ts';

/** An expression that could not be read or threw; `message` as AWS words what went wrong. */
export class JsonataError extends Error {
  override name = 'JsonataError';
  /** JSONata's own code, T0410 say. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** An expression gave a function, which no JSON can hold. */
export class UnsupportedResult extends Error {
  override name = 'UnsupportedResult';
}

const cache = new Map<string, jsonata.Expression>();
const MAX_CACHED = 5_000;

/** Throws JsonataError when the text is not a JSONata expression. */
export function compile(expression: string): jsonata.Expression {
  const known = cache.get(expression);
  if (known) return known;
  try {
    const compiled = jsonata(expression);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(expression, compiled);
    return compiled;
  } catch (error) {
    throw toJsonataError(error);
  }
}

/** The expression's value as plain JSON; undefined when it has none. */
export async function evaluate(
  expression: string,
  bindings: Record<string, unknown>,
): Promise<Json | undefined> {
  const compiled = compile(expression);
  let result: unknown;
  try {
    result = await compiled.evaluate(undefined, bindings);
  } catch (error) {
    throw toJsonataError(error);
  }
  if (result === undefined) return undefined;
  return plain(result);
}

/** JSONata's sequences are arrays with extra members, and what is bound must not be shared: both end here. */
function plain(result: unknown): Json {
  if (isFunction(result)) throw new UnsupportedResult();
  try {
    return JSON.parse(JSON.stringify(result)) as Json;
  } catch {
    // JSONata's functions refer to themselves, wherever in the result they are.
    throw new UnsupportedResult();
  }
}

function isFunction(value: unknown): boolean {
  return (
    typeof value === 'function' || (typeof value === 'object' && value !== null && '_jsonata_lambda' in value)
  );
}

/** JSONata throws plain objects with `code` and `message`, our own functions throw Errors. */
function toJsonataError(error: unknown): JsonataError {
  const { code, message } = error as { code?: string; message?: string };
  return new JsonataError(message ?? String(error), typeof code === 'string' ? code : undefined);
}
