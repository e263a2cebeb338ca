import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Report } from './problems.ts';

export function checkRetryAndCatch(state: JsonObject, location: string, report: Report): void {
  for (const field of ['Retry', 'Catch']) {
    const entries = state[field];
    if (entries === undefined) continue;
    if (!Array.isArray(entries)) {
      report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Array', `${location}/${field}`);
      continue;
    }
    for (const [index, entry] of entries.entries()) {
      const at = `${location}/${field}[${index}]`;
      checkNames(entry, index === entries.length - 1, at, report);
      if (field === 'Retry' && isObject(entry)) checkRetrier(entry, at, report);
    }
  }
}

function checkNames(entry: Json, last: boolean, location: string, report: Report): void {
  const names = isObject(entry) ? entry.ErrorEquals : undefined;
  if (!Array.isArray(names) || names.length === 0) {
    report('SCHEMA_VALIDATION_FAILED', 'These fields are required: [ErrorEquals]', location);
  } else if (names.includes('States.ALL') && (names.length > 1 || !last)) {
    report('SCHEMA_VALIDATION_FAILED', 'States.ALL must appear alone and at the end of the list', location);
  }
}

/** Lower bounds of a retrier's numbers (Developer Guide, "Retrying after an error"). */
const LEAST: Record<string, number> = {
  IntervalSeconds: 1,
  MaxAttempts: 0,
  BackoffRate: 1,
  MaxDelaySeconds: 1,
};
const MOST: Record<string, number> = { MaxAttempts: 99_999_999, MaxDelaySeconds: 31_622_400 };

function checkRetrier(entry: JsonObject, location: string, report: Report): void {
  for (const [field, least] of Object.entries(LEAST)) {
    const value = entry[field];
    if (value === undefined) continue;
    const wrong =
      typeof value !== 'number' || value < least || value > (MOST[field] ?? Number.MAX_SAFE_INTEGER);
    if (wrong || (field !== 'BackoffRate' && !Number.isInteger(value))) {
      report('SCHEMA_VALIDATION_FAILED', `${field} must be a number from ${least}`, `${location}/${field}`);
    }
  }
  const { JitterStrategy, MaxDelaySeconds, IntervalSeconds } = entry;
  if (JitterStrategy !== undefined && JitterStrategy !== 'FULL' && JitterStrategy !== 'NONE') {
    report('SCHEMA_VALIDATION_FAILED', 'JitterStrategy must be FULL or NONE', `${location}/JitterStrategy`);
  }
  if (typeof MaxDelaySeconds === 'number' && MaxDelaySeconds <= Number(IntervalSeconds ?? 1)) {
    const message = 'MaxDelaySeconds must be greater than IntervalSeconds';
    report('SCHEMA_VALIDATION_FAILED', message, `${location}/MaxDelaySeconds`);
  }
}
