import { evaluateCondition } from './conditions.ts';
import { intrinsicFunctions } from './functions.ts';
import { resolveRef } from './references.ts';
import { NO_VALUE, type Scope } from './scope.ts';

/** The value with every intrinsic function in it resolved. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, scope)).filter((element) => element !== NO_VALUE);
  }
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new Error(`Dynamic references are not supported: ${value}`);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [key, argument] = entries[0] ?? [];
  if (entries.length === 1 && key !== undefined) {
    if (key === 'Ref') return resolveRef(argument, scope);
    if (key === 'Fn::If') return resolveIf(argument, scope);
    const perform = intrinsicFunctions[key];
    if (perform !== undefined) return perform(argument, scope, resolve);
    if (key.startsWith('Fn::')) throw new Error(`Template error: ${key} is not supported`);
  }
  const resolved = entries.map(([name, inner]): [string, unknown] => [name, resolve(inner, scope)]);
  return Object.fromEntries(resolved.filter(([, inner]) => inner !== NO_VALUE));
}

/** Only the branch that is taken is resolved: the other may name resources that do not exist. */
function resolveIf(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 3) {
    throw new Error('Template error: Fn::If requires a list argument with three elements');
  }
  const [condition, whenTrue, whenFalse] = argument;
  return resolve(evaluateCondition({ Condition: condition }, scope, resolve) ? whenTrue : whenFalse, scope);
}
