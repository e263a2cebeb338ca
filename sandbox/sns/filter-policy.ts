import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { notSupported } from '#sandbox/core/errors.ts';
import { invalidParameter } from './state.ts';

type Scalar = string | number | boolean | null;
type Condition = Scalar | Record<string, unknown>;
export type FilterPolicy = Record<string, Condition[]>;

/** Exact values, prefix, anything-but and exists, over message attributes. Others are said to be missing. */
export function parseFilterPolicy(text: string): FilterPolicy {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter('FilterPolicy: failed to parse JSON.');
  }
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    throw invalidParameter('FilterPolicy: Filter policy must be an object');
  }
  for (const [name, conditions] of Object.entries(policy)) {
    if (!Array.isArray(conditions)) {
      throw invalidParameter(`FilterPolicy: "${name}" must be an object or an array`);
    }
    for (const condition of conditions) requireKnown(condition);
  }
  return policy as FilterPolicy;
}

function requireKnown(condition: Condition): void {
  if (typeof condition !== 'object' || condition === null) return;
  const [operator = ''] = Object.keys(condition);
  const operand = condition[operator];
  const listed = operator === 'anything-but' && (Array.isArray(operand) || typeof operand !== 'object');
  if (!listed && operator !== 'prefix' && operator !== 'exists') {
    throw notSupported(`the operator '${operator}' of filter policies`);
  }
}

/** Every name of the policy has to be met by one of its conditions. */
export function policyMatches(
  policy: FilterPolicy,
  attributes: Record<string, MessageAttributeValue>,
): boolean {
  return Object.entries(policy).every(([name, conditions]) => {
    const values = valuesOf(attributes[name]);
    return conditions.some((condition) => meets(values, condition));
  });
}

function valuesOf(attribute: MessageAttributeValue | undefined): Scalar[] | undefined {
  const text = attribute?.StringValue;
  if (!attribute || text === undefined) return undefined;
  if (attribute.DataType === 'Number') return [Number(text)];
  if (attribute.DataType === 'String.Array') return JSON.parse(text) as Scalar[];
  return [text];
}

function meets(values: Scalar[] | undefined, condition: Condition): boolean {
  if (typeof condition !== 'object' || condition === null) return values?.includes(condition) ?? false;
  if ('exists' in condition) return (values !== undefined) === condition.exists;
  if (values === undefined) return false;
  if ('prefix' in condition)
    return values.some((value) => String(value).startsWith(String(condition.prefix)));
  const excluded = [condition['anything-but']].flat();
  return values.some((value) => !excluded.includes(value));
}
