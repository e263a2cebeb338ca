import type { Resolve, Scope } from './scope.ts';

/** A condition expression: Fn::Equals, Fn::And, Fn::Or, Fn::Not, or a named condition. */
export function evaluateCondition(
  expression: unknown,
  scope: Scope,
  resolve: Resolve,
  seen: string[] = [],
): boolean {
  const [[key, argument] = ['', undefined]] = Object.entries((expression ?? {}) as Record<string, unknown>);
  const each = () => (argument as unknown[]).map((inner) => evaluateCondition(inner, scope, resolve, seen));
  switch (key) {
    case 'Condition':
      return namedCondition(String(argument), scope, resolve, seen);
    case 'Fn::Equals': {
      const [left, right] = argument as [unknown, unknown];
      return comparable(resolve(left, scope)) === comparable(resolve(right, scope));
    }
    case 'Fn::And':
      return each().every(Boolean);
    case 'Fn::Or':
      return each().some(Boolean);
    case 'Fn::Not':
      return !each()[0];
    default:
      throw new Error(`Template error: not a condition: ${JSON.stringify(expression)}`);
  }
}

function namedCondition(name: string, scope: Scope, resolve: Resolve, seen: string[]): boolean {
  const expression = scope.conditions[name];
  if (expression === undefined) throw new Error(`Template error: unresolved condition dependency ${name}`);
  if (seen.includes(name))
    throw new Error(`Template error: circular condition dependency ${[...seen, name].join(' -> ')}`);
  return evaluateCondition(expression, scope, resolve, [...seen, name]);
}

/** CloudFormation compares texts: true equals "true". */
function comparable(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
