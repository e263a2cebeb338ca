import { OPERATORS } from '../interpreter/states/choice-rule.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Check } from './check.ts';

export function checkChoice(state: JsonObject, location: string, check: Check): void {
  const { Choices } = state;
  if (!Array.isArray(Choices) || Choices.length === 0) {
    check.report(
      'SCHEMA_VALIDATION_FAILED',
      'The field Choices must be a non-empty array',
      `${location}/Choices`,
    );
    return;
  }
  for (const [index, rule] of Choices.entries()) {
    const at = `${location}/Choices[${index}]`;
    if (!isObject(rule) || typeof rule.Next !== 'string') {
      check.report('SCHEMA_VALIDATION_FAILED', 'These fields are required: [Next]', at);
    } else if (check.queryLanguage === 'JSONata') checkCondition(rule, at, check);
    else checkRule(rule, at, check);
  }
}

function checkCondition(rule: JsonObject, location: string, { report }: Check): void {
  const { Condition } = rule;
  const expression = typeof Condition === 'string' && /^\{%[\s\S]*%\}$/.test(Condition);
  if (typeof Condition !== 'boolean' && !expression) {
    report('SCHEMA_VALIDATION_FAILED', 'Condition must be a boolean or a JSONata expression', location);
  }
}

function checkRule(rule: Json, location: string, check: Check): void {
  if (!isObject(rule)) {
    check.report('SCHEMA_VALIDATION_FAILED', 'Expected value of type Object', location);
    return;
  }
  const nested = [rule.And, rule.Or].find((list) => list !== undefined) ?? rule.Not;
  if (nested !== undefined) {
    const rules = Array.isArray(nested) ? nested : [nested];
    for (const [index, inner] of rules.entries()) checkRule(inner, `${location}[${index}]`, check);
    return;
  }
  const operators = Object.keys(rule).filter((key) => OPERATORS.has(key));
  if (typeof rule.Variable !== 'string' || operators.length !== 1) {
    const message = 'A rule needs Variable and exactly one comparison operator';
    check.report('SCHEMA_VALIDATION_FAILED', message, location);
  }
}
