import { isObject, type Json, type JsonObject } from '../json.ts';
import { select } from './evaluate.ts';
import { parseSteps } from './parse.ts';
import type { Step } from './path.ts';
import { InvalidPath } from './scanner.ts';

/** What a path may start from: the state's input (`$`), the context object (`$$`) or a variable (`$name`). */
export interface Sources {
  input: Json;
  context: () => Json;
  variable: (name: string) => Json | undefined;
}

export interface Reference {
  source: 'input' | 'context' | 'variable';
  variable?: string;
  steps: Step[];
}

/** A variable that no Assign has set. */
export class UnknownVariable extends Error {
  override name = 'UnknownVariable';
}

export function parseReference(path: string): Reference {
  if (path.startsWith('$$')) return { source: 'context', steps: parseSteps(path.slice(2)) };
  const variable = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(path)?.[1];
  if (variable !== undefined) {
    return { source: 'variable', variable, steps: parseSteps(path.slice(1 + variable.length)) };
  }
  if (!path.startsWith('$')) throw new InvalidPath(`Path must start with '$': ${path}`);
  return { source: 'input', steps: parseSteps(path.slice(1)) };
}

/** The value at a path. Throws PathNotFound, UnknownVariable or InvalidPath. */
export function selectPath(path: string, sources: Sources): Json {
  const reference = parseReference(path);
  return select(reference.steps, rootOf(reference, sources));
}

function rootOf(reference: Reference, sources: Sources): Json {
  if (reference.source === 'input') return sources.input;
  if (reference.source === 'context') return sources.context();
  const value = sources.variable(reference.variable ?? '');
  if (value === undefined) throw new UnknownVariable(`Variable '${reference.variable}' is not defined`);
  return value;
}

/** Where a value can not be put, because the way there leads through something that is not an object. */
export class PathMismatch extends Error {
  override name = 'PathMismatch';
}

/** A copy of `target` with `value` at the reference path, whose missing objects are made (ResultPath). */
export function assignAt(path: string, target: Json, value: Json): Json {
  const { steps } = parseReference(path);
  return assignSteps(steps, target, value);
}

function assignSteps(steps: Step[], target: Json | undefined, value: Json): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step.kind === 'property') {
    if (target !== undefined && !isObject(target)) throw new PathMismatch(step.name);
    const copy: JsonObject = { ...target };
    copy[step.name] = assignSteps(rest, copy[step.name], value);
    return copy;
  }
  if (step.kind === 'index' && Array.isArray(target) && step.index < target.length) {
    const copy = [...target];
    copy[step.index] = assignSteps(rest, copy[step.index], value);
    return copy;
  }
  throw new PathMismatch(step.kind);
}
