import type { Attribute } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

type Holds = (attributes: Attribute[]) => boolean;

/**
 * A memberOf expression of the cluster query language, as far as services use it: conditions on attributes
 * (`attribute:NAME == VALUE`, `!=`, `in [a, b]`, `=~ regex`, `exists`) joined by `and` / `&&`.
 */
export function parseExpression(expression: string): Holds {
  const conditions = expression.split(/\s+and\s+|\s*&&\s*/).map(parseCondition);
  return (attributes) => conditions.every((holds) => holds(attributes));
}

function parseCondition(condition: string): Holds {
  const match = /^attribute:(\S+)\s*(==|equals|!=|not_equals|=~|matches|in|exists)\s*(.*)$/.exec(
    condition.trim(),
  );
  if (!match) throw invalidParameter(`Invalid expression: ${condition}`);
  const [, name = '', operator = '', operand = ''] = match;
  const attributeValue = (attributes: Attribute[]) =>
    attributes.find((attribute) => attribute.name === name)?.value;
  switch (operator) {
    case '==':
    case 'equals':
      return (attributes) => attributeValue(attributes) === operand;
    case '!=':
    case 'not_equals':
      return (attributes) => attributeValue(attributes) !== operand;
    case '=~':
    case 'matches':
      return (attributes) => new RegExp(`^(?:${operand})$`).test(attributeValue(attributes) ?? '');
    case 'exists':
      return (attributes) => attributes.some((attribute) => attribute.name === name);
    default:
      return (attributes) => list(operand).includes(attributeValue(attributes) ?? '');
  }
}

function list(operand: string): string[] {
  return operand
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((value) => value.trim());
}
