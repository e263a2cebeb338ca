import type { Json } from '../json.ts';
import { arrays } from './arrays.ts';
import { encodings } from './encodings.ts';
import { type IntrinsicEnvironment, IntrinsicError, type IntrinsicFunction } from './function.ts';
import { numbers } from './numbers.ts';
import { type Argument, type Call, parseIntrinsic, withoutEscapes } from './parse.ts';
import { texts } from './texts.ts';

/** Every intrinsic function by its name (Developer Guide, "Intrinsics for JSONPath states"). */
const functions: Record<string, IntrinsicFunction> = { ...arrays, ...encodings, ...numbers, ...texts };

export function evaluateIntrinsic(text: string, environment: IntrinsicEnvironment): Json {
  return call(parseIntrinsic(text), environment);
}

export function isKnownIntrinsic(name: string): boolean {
  return Object.hasOwn(functions, name);
}

function call(node: Call, environment: IntrinsicEnvironment): Json {
  const implementation = functions[node.name];
  if (implementation === undefined) throw new IntrinsicError(`Unknown intrinsic function: ${node.name}`);
  const values = node.arguments.map((argument, index) =>
    // Format reads the escaped braces of its template itself.
    index === 0 && node.name === 'States.Format' && argument.kind === 'string'
      ? argument.raw
      : evaluate(argument, environment),
  );
  return implementation(values, environment);
}

function evaluate(argument: Argument, environment: IntrinsicEnvironment): Json {
  switch (argument.kind) {
    case 'call':
      return call(argument, environment);
    case 'path':
      return environment.select(argument.path);
    case 'string':
      return withoutEscapes(argument.raw);
    case 'literal':
      return argument.value;
  }
}
