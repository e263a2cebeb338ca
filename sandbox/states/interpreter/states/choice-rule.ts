import type { Json } from '../../json.ts';
import { optionalValueAt } from '../data/jsonpath.ts';
import { parseTimestamp } from '../data/timestamps.ts';
import type { ChoiceRule } from '../definition.ts';
import { type Frame, runtimeFailure } from '../frame.ts';

/** Whether a JSONPath rule holds for this input. Values of another type than the operator's never match. */
export function ruleHolds(frame: Frame, rule: ChoiceRule, input: Json): boolean {
  if (rule.And) return rule.And.every((inner) => ruleHolds(frame, inner, input));
  if (rule.Or) return rule.Or.some((inner) => ruleHolds(frame, inner, input));
  if (rule.Not) return !ruleHolds(frame, rule.Not, input);
  const operator = operatorOf(rule);
  const path = rule.Variable ?? '$';
  const value = optionalValueAt(frame, path, input);
  if (operator === 'IsPresent') return (value !== undefined) === rule.IsPresent;
  return compare(operator, found(frame, path, value), operand(frame, rule, operator, input));
}

const COMPARISONS = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];
const TYPED = ['String', 'Numeric', 'Timestamp'].flatMap((type) =>
  COMPARISONS.flatMap((comparison) => [`${type}${comparison}`, `${type}${comparison}Path`]),
);
const IS = ['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

export const OPERATORS: ReadonlySet<string> = new Set([
  ...TYPED,
  ...IS,
  'BooleanEquals',
  'BooleanEqualsPath',
  'StringMatches',
]);

function operatorOf(rule: ChoiceRule): string {
  return Object.keys(rule).find((key) => OPERATORS.has(key)) ?? '';
}

function found(frame: Frame, path: string, value: Json | undefined): Json {
  if (value !== undefined) return value;
  throw runtimeFailure(
    frame,
    `Invalid path '${path}': The choice state's condition path references an invalid value.`,
  );
}

function operand(frame: Frame, rule: ChoiceRule, operator: string, input: Json): Json {
  const value = rule[operator] as Json;
  if (!operator.endsWith('Path')) return value;
  return found(frame, String(value), optionalValueAt(frame, String(value), input));
}

function compare(operator: string, value: Json, expected: Json): boolean {
  if (operator.startsWith('Is')) return isOfType(operator, value) === expected;
  if (operator === 'StringMatches') return typeof value === 'string' && like(String(expected)).test(value);
  const [, type, comparison] = /^(String|Numeric|Timestamp|Boolean)(\w+?)(?:Path)?$/.exec(operator) ?? [];
  const left = comparable(type, value);
  const right = comparable(type, expected);
  if (left === undefined || right === undefined) return false;
  if (comparison === 'Equals') return left === right;
  if (comparison === 'LessThan') return left < right;
  if (comparison === 'GreaterThan') return left > right;
  return comparison === 'LessThanEquals' ? left <= right : left >= right;
}

function comparable(type: string | undefined, value: Json): string | number | boolean | undefined {
  if (type === 'String') return typeof value === 'string' ? value : undefined;
  if (type === 'Numeric') return typeof value === 'number' ? value : undefined;
  if (type === 'Boolean') return typeof value === 'boolean' ? value : undefined;
  return typeof value === 'string' ? parseTimestamp(value) : undefined;
}

function isOfType(operator: string, value: Json): boolean {
  switch (operator) {
    case 'IsNull':
      return value === null;
    case 'IsNumeric':
      return typeof value === 'number';
    case 'IsString':
      return typeof value === 'string';
    case 'IsBoolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string' && parseTimestamp(value) !== undefined;
  }
}

/** StringMatches: `*` stands for any characters, `\*` for an asterisk, `\\` for a backslash. */
function like(pattern: string): RegExp {
  const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return part === '*' ? '[\\s\\S]*' : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
