import type { Json } from '../../json.ts';
import { MAX_SECONDS_FIELD } from '../../limits.ts';
import { type Frame, runtimeFailure } from '../frame.ts';
import { effectiveInput } from './flow.ts';
import { evaluateTyped, evaluationFailure } from './jsonata.ts';
import { valueAt } from './jsonpath.ts';

export type SecondsField = 'TimeoutSeconds' | 'HeartbeatSeconds';

/** TimeoutSeconds or HeartbeatSeconds, as a number, a path or an expression. */
export async function secondsOf(frame: Frame, field: SecondsField): Promise<number | undefined> {
  const value = frame.state[field];
  const path = frame.state[`${field}Path`];
  if (typeof value === 'number') return value;
  if (value !== undefined) return jsonataInteger(frame, value, field, MAX_SECONDS_FIELD);
  return path === undefined ? undefined : integerAtPath(frame, path, `${field}Path`);
}

export type CountField = 'MaxConcurrency' | 'ToleratedFailureCount' | 'ToleratedFailurePercentage';

/** A Map's limits, as a number, a path or an expression; 0 where nothing is said. */
export async function countOf(frame: Frame, field: CountField): Promise<number> {
  const value = frame.state[field];
  const path = frame.state[`${field}Path`];
  if (typeof value === 'number') return value;
  if (field === 'ToleratedFailurePercentage') return percentage(frame, value, path);
  if (value !== undefined) return jsonataInteger(frame, value, field);
  return path === undefined ? 0 : integerAtPath(frame, path, `${field}Path`);
}

/** A percentage need not be an integer. */
async function percentage(
  frame: Frame,
  value: string | undefined,
  path: string | undefined,
): Promise<number> {
  const field = 'ToleratedFailurePercentage';
  if (value === undefined && path === undefined) return 0;
  const found =
    value === undefined
      ? valueAt(frame, path ?? '$', effectiveInput(frame))
      : await evaluateTyped(frame, value, field, 'number');
  const result = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  if (typeof result === 'number' && result >= 0 && result <= 100) return result;
  const message = `${field} must be between 0 and 100 but was: ${JSON.stringify(found)}`;
  throw value === undefined
    ? runtimeFailure(frame, message)
    : evaluationFailure(frame, message, { location: field });
}

/** An expression that must give a non-negative integer. */
export async function jsonataInteger(
  frame: Frame,
  value: Json,
  field: string,
  most?: number,
): Promise<number> {
  const result = Number(await evaluateTyped(frame, value, field, 'number'));
  const location = { location: field };
  if (!Number.isInteger(result)) {
    throw evaluationFailure(frame, `The ${field} field cannot be parsed as an integer: ${result}`, location);
  }
  if (result < 0 || (most !== undefined && result > most)) {
    const range = most === undefined ? 'a non-negative integer' : `between 0 and ${most}`;
    throw evaluationFailure(frame, `${field} must be ${range} but was: ${result}`, location);
  }
  return result;
}

/** Text that spells an integer counts as one (recorded for MaxConcurrencyPath). */
export function asInteger(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? Number(value) : undefined;
}

function integerAtPath(frame: Frame, path: string, field: string): number {
  const value = valueAt(frame, path, effectiveInput(frame));
  const integer = asInteger(value);
  if (integer === undefined) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw runtimeFailure(
      frame,
      `The ${field} field refers to value "${shown}" which is not a valid integer: ${path}`,
    );
  }
  if (integer < 0) {
    const name = field.replace(/Path$/, '');
    throw runtimeFailure(frame, `Expected non-negative integer for ${name}, got '${integer}' instead.`);
  }
  return integer;
}
