import { BlockList, isIPv6 } from 'node:net';
import { asList } from './as-list.ts';
import { type ConditionKeys, expandVariables, matchesArn, matchesPattern } from './patterns.ts';
import type { Statement } from './policy-document.ts';

/** Compares one value of the request with one of the policy's. */
type Comparison = (actual: string, wanted: string, keys: ConditionKeys) => boolean;

const numeric =
  (compare: (a: number, b: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(Number(actual), Number(wanted));
const date =
  (compare: (a: number, b: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(moment(actual), moment(wanted));

/** The positive operators of the IAM JSON policy reference; `…Not…` is the negation of one of them. */
const comparisons: Record<string, Comparison> = {
  StringEquals: (actual, wanted) => actual === wanted,
  StringEqualsIgnoreCase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  StringLike: (actual, wanted) => matchesPattern(wanted, actual),
  // "ArnEquals and ArnLike behave identically" (IAM JSON policy elements: condition operators).
  ArnEquals: (actual, wanted, keys) => matchesArn(wanted, actual, keys),
  ArnLike: (actual, wanted, keys) => matchesArn(wanted, actual, keys),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  BinaryEquals: (actual, wanted) => actual === wanted,
  IpAddress: (actual, wanted) => inRange(actual, wanted),
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
};

const negations: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

interface Operator {
  quantifier?: 'ForAllValues' | 'ForAnyValue';
  comparison: Comparison;
  negated: boolean;
  ifExists: boolean;
}

/** Whether IAM knows this operator, with its quantifier and IfExists. */
export function isConditionOperator(name: string): boolean {
  return name === 'Null' || readOperator(name) !== undefined;
}

/** Whether every condition of a statement holds. An operator that IAM does not know never holds. */
export function conditionsHold(conditions: Statement['Condition'], keys: ConditionKeys): boolean {
  return Object.entries(conditions ?? {}).every(([name, wanted]) =>
    Object.entries(wanted).every(([key, values]) => {
      const texts = asList(values as string | string[]).map(String);
      const actual = keys[key.toLowerCase()];
      if (name === 'Null') return texts.some((text) => (text === 'true') === (actual === undefined));
      const operator = readOperator(name);
      return operator !== undefined && holds(operator, actual, texts, keys);
    }),
  );
}

function readOperator(text: string): Operator | undefined {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const positive = negations[name] ?? name;
  const comparison = comparisons[positive];
  if (!comparison) return undefined;
  return {
    ...(quantifier ? { quantifier: quantifier as 'ForAllValues' | 'ForAnyValue' } : {}),
    comparison,
    negated: name in negations,
    ifExists: ifExists !== undefined,
  };
}

function holds(
  { quantifier, comparison, negated, ifExists }: Operator,
  actual: string | string[] | undefined,
  wanted: string[],
  keys: ConditionKeys,
): boolean {
  const values = asList(actual);
  if (values.length === 0) return missingHolds(quantifier, negated, ifExists);
  const matches = (value: string) =>
    wanted.some((pattern) => {
      const expanded = expandVariables(pattern, keys);
      return expanded !== undefined && comparison(value, expanded, keys);
    });
  const fits = (value: string) => matches(value) !== negated;
  // A negated operator without a quantifier asks that no value matches; a positive one that some value does.
  const all = quantifier === 'ForAllValues' || (quantifier === undefined && negated);
  return all ? values.every(fits) : values.some(fits);
}

/** A key that the request does not have: see the documentation of IfExists and of the set operators. */
function missingHolds(quantifier: Operator['quantifier'], negated: boolean, ifExists: boolean): boolean {
  if (quantifier === 'ForAllValues') return true;
  if (quantifier === 'ForAnyValue') return false;
  return negated || ifExists;
}

function moment(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function inRange(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
