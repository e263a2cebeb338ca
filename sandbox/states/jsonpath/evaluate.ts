import { isObject, type Json } from '../json.ts';
import { holds } from './filter.ts';
import type { Operand, Step } from './path.ts';

/** Where a definite path leads nowhere; the message is the one of Jayway JsonPath, which AWS passes on. */
export class PathNotFound extends Error {
  override name = 'PathNotFound';
}

/** A definite path names one place; the others give an array of whatever they meet, possibly empty. */
function isDefinite(steps: Step[]): boolean {
  return steps.every((step) => step.kind === 'property' || step.kind === 'index' || step.kind === 'length');
}

/** The value at the path. Throws PathNotFound for a definite path that leads nowhere. */
export function select(steps: Step[], root: Json): Json {
  return isDefinite(steps) ? selectOne(steps, root) : selectAll(steps, root, root);
}

function selectOne(steps: Step[], root: Json): Json {
  let value = root;
  steps.forEach((step, position) => {
    const next = child(step, value);
    if (next === undefined) throw notFound(steps, position, value);
    value = next;
  });
  return value;
}

/** `$['a'][0]`: how Jayway writes a path in its messages. */
function canonical(steps: Step[]): string {
  const parts = steps.map((step) => {
    if (step.kind === 'property') return `['${step.name}']`;
    return step.kind === 'index' ? `[${step.index}]` : '';
  });
  return `$${parts.join('')}`;
}

function notFound(steps: Step[], position: number, parent: Json): PathNotFound {
  const upTo = canonical(steps.slice(0, position + 1));
  const step = steps[position];
  if (step?.kind === 'property' && !isObject(parent)) {
    const name = parent === null ? 'null' : `'${javaType(parent)}'`;
    return new PathNotFound(
      `Expected to find an object with property ['${step.name}'] in path ${canonical(steps.slice(0, position))} but found ${name}. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonProvider'.`,
    );
  }
  if (position < steps.length - 1 && step?.kind === 'property') {
    return new PathNotFound(`Missing property in path ${upTo}`);
  }
  return new PathNotFound(`No results for path: ${upTo}`);
}

function javaType(value: Json): string {
  if (Array.isArray(value)) return 'java.util.ArrayList';
  if (typeof value === 'number') return Number.isInteger(value) ? 'java.lang.Integer' : 'java.lang.Double';
  return typeof value === 'boolean' ? 'java.lang.Boolean' : 'java.lang.String';
}

function child(step: Step, value: Json): Json | undefined {
  switch (step.kind) {
    case 'property':
      return isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
    case 'index':
      return Array.isArray(value) ? value.at(step.index) : undefined;
    case 'length':
      if (Array.isArray(value) || typeof value === 'string') return value.length;
      return isObject(value) ? Object.keys(value).length : undefined;
    default:
      return undefined;
  }
}

function selectAll(steps: Step[], start: Json, root: Json): Json[] {
  let values: Json[] = [start];
  for (const step of steps) values = values.flatMap((value) => children(step, value, root));
  return values;
}

function children(step: Step, value: Json, root: Json): Json[] {
  switch (step.kind) {
    case 'wildcard':
      return members(value);
    case 'descend':
      return descendants(value);
    case 'properties':
      return isObject(value) ? step.names.flatMap((name) => present(value[name])) : [];
    case 'indices':
      return Array.isArray(value) ? step.indices.flatMap((index) => present(value.at(index))) : [];
    case 'slice':
      return Array.isArray(value) ? slice(value, step) : [];
    case 'filter':
      return members(value).filter((item) => holds(step.filter, (operand) => resolve(operand, item, root)));
    default:
      return present(child(step, value));
  }
}

function present(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}

function members(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function descendants(value: Json): Json[] {
  return [value, ...members(value).flatMap(descendants)];
}

function slice(value: Json[], step: { from?: number; to?: number; step?: number }): Json[] {
  const part = value.slice(step.from ?? 0, step.to ?? value.length);
  const stride = step.step ?? 1;
  return stride > 1 ? part.filter((_, index) => index % stride === 0) : part;
}

function resolve(operand: Operand, item: Json, root: Json): Json | RegExp | undefined {
  if (operand.kind !== 'path') return operand.value;
  const from = operand.from === '@' ? item : root;
  if (!isDefinite(operand.steps)) return selectAll(operand.steps, from, root);
  try {
    return selectOne(operand.steps, from);
  } catch (error) {
    if (error instanceof PathNotFound) return undefined;
    throw error;
  }
}
