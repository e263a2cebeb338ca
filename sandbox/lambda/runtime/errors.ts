import { types } from 'node:util';
import type { ErrorPayload } from './messages.ts';

/** An error of the runtime itself; its name is what Lambda answers as errorType. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, stack?: string) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

function isError(value: unknown): value is Error {
  return (
    types.isNativeError(value) ||
    (typeof value === 'object' && value !== null && 'name' in value && 'message' in value && 'stack' in value)
  );
}

/**
 * The payload of a failed invocation. As in the Node.js runtime interface client: name, message and stack of an
 * Error (its other properties and its cause appear in the log only), `typeof` of whatever else was thrown.
 */
export function errorPayload(thrown: unknown): ErrorPayload {
  if (isError(thrown)) {
    return {
      errorType: thrown.name,
      errorMessage: thrown.message,
      trace: String(thrown.stack ?? '').split('\n'),
    };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}

function loggable(thrown: unknown, seen: Set<unknown>): unknown {
  if (!isError(thrown) || seen.has(thrown)) return isError(thrown) ? thrown.message : thrown;
  seen.add(thrown);
  const cause = thrown.cause === undefined ? {} : { cause: loggable(thrown.cause, seen) };
  const { errorType, errorMessage, trace } = errorPayload(thrown);
  return { errorType, errorMessage, ...thrown, ...cause, stack: trace };
}

/** The error as the runtime writes it to the log: with the error's own properties, its cause and its stack. */
export function errorLog(thrown: unknown): string {
  try {
    return JSON.stringify(loggable(thrown, new Set()));
  } catch {
    return JSON.stringify(errorPayload(thrown));
  }
}

/** The text of a handler's result. */
export function serializeResult(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}
