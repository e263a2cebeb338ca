import type { Exit } from '../data/flow.ts';
import { evaluateTyped } from '../data/jsonata.ts';
import { expressionValue } from '../data/jsonpath.ts';
import { StateError } from '../errors.ts';
import { type Frame, runtimeFailure } from '../frame.ts';

export async function runFail(frame: Frame): Promise<Exit> {
  throw new StateError(await text(frame, 'Error'), await text(frame, 'Cause'));
}

/** Error or Cause: a constant, an expression, or what ErrorPath or CausePath names. */
async function text(frame: Frame, field: 'Error' | 'Cause'): Promise<string | undefined> {
  const value = frame.state[field];
  const path = frame.state[`${field}Path`];
  if (value !== undefined) {
    if (frame.queryLanguage === 'JSONPath') return value;
    return String(await evaluateTyped(frame, value, field, 'string'));
  }
  if (path === undefined) return undefined;
  const found = expressionValue(frame, `${field}Path`, path, frame.input);
  if (typeof found === 'string') return found;
  throw runtimeFailure(
    frame,
    `The JSONPath '${path}' specified for the field '${field}Path' must reference a string but was: ${JSON.stringify(found)}`,
  );
}
