import { deepEqual, type Json } from '../json.ts';
import type { Filter, Operand, Step } from './path.ts';
import { InvalidPath, type Scanner } from './scanner.ts';

/** Parses what follows the root of a path: a filter's operands are paths, whose steps may be filters. */
type ParseSteps = (text: string) => Step[];

/** Parses `( … )` behind the question mark of a filter step. */
export function parseFilter(scanner: Scanner, parseSteps: ParseSteps): Filter {
  scanner.space();
  scanner.expect('(');
  const filter = parseOr(scanner, parseSteps);
  scanner.space();
  scanner.expect(')');
  return filter;
}

function parseOr(scanner: Scanner, parseSteps: ParseSteps): Filter {
  let left = parseAnd(scanner, parseSteps);
  for (scanner.space(); scanner.take('||'); scanner.space()) {
    left = { kind: 'or', left, right: parseAnd(scanner, parseSteps) };
  }
  return left;
}

function parseAnd(scanner: Scanner, parseSteps: ParseSteps): Filter {
  let left = parseTerm(scanner, parseSteps);
  for (scanner.space(); scanner.take('&&'); scanner.space()) {
    left = { kind: 'and', left, right: parseTerm(scanner, parseSteps) };
  }
  return left;
}

function parseTerm(scanner: Scanner, parseSteps: ParseSteps): Filter {
  scanner.space();
  if (scanner.take('!')) return { kind: 'not', filter: parseTerm(scanner, parseSteps) };
  if (scanner.peek() === '(') return parseFilter(scanner, parseSteps);
  const left = parseOperand(scanner, parseSteps);
  scanner.space();
  const operator = scanner.match(/==|!=|<=|>=|=~|<|>|in\b|nin\b/iy);
  if (operator === undefined) return { kind: 'exists', operand: left };
  scanner.space();
  return {
    kind: 'compare',
    operator: operator.toLowerCase(),
    left,
    right: parseOperand(scanner, parseSteps),
  };
}

function parseOperand(scanner: Scanner, parseSteps: ParseSteps): Operand {
  const start = scanner.peek();
  if (start === '@' || start === '$') {
    scanner.take(start);
    // A path ends where an operator, a blank or the closing parenthesis begins, outside its own brackets.
    const path = scanner.match(/(?:\[[^\]]*\]|\.?[^\s.[\]()=!<>&|~,]+(?:\(\))?|\.)*/y) ?? '';
    return { kind: 'path', from: start, steps: parseSteps(path) };
  }
  if (start === "'" || start === '"') return { kind: 'constant', value: scanner.quoted() };
  const pattern = /^\/((?:[^/\\]|\\.)+)\/(i?)/.exec(scanner.rest());
  if (pattern?.[1] !== undefined) {
    scanner.take(pattern[0]);
    return { kind: 'pattern', value: new RegExp(`^(?:${pattern[1]})$`, pattern[2]) };
  }
  const literal = scanner.match(/\[[^\]]*\]|true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
  if (literal === undefined) throw new InvalidPath(`Could not parse filter at '${scanner.rest()}'`);
  return { kind: 'constant', value: JSON.parse(literal.replaceAll("'", '"')) as Json };
}

/** Whether the filter holds; `select` follows a path and says undefined where it leads nowhere. */
export function holds(filter: Filter, select: (operand: Operand) => Json | RegExp | undefined): boolean {
  switch (filter.kind) {
    case 'or':
      return holds(filter.left, select) || holds(filter.right, select);
    case 'and':
      return holds(filter.left, select) && holds(filter.right, select);
    case 'not':
      return !holds(filter.filter, select);
    case 'exists':
      return select(filter.operand) !== undefined;
    case 'compare':
      return compare(filter.operator, select(filter.left), select(filter.right));
  }
}

function compare(
  operator: string,
  left: Json | RegExp | undefined,
  right: Json | RegExp | undefined,
): boolean {
  if (right instanceof RegExp) return operator === '=~' && typeof left === 'string' && right.test(left);
  if (left instanceof RegExp) return false;
  switch (operator) {
    case '==':
      return deepEqual(left, right);
    case '!=':
      return !deepEqual(left, right);
    case 'in':
      return Array.isArray(right) && right.some((item) => deepEqual(item, left));
    case 'nin':
      return Array.isArray(right) && !right.some((item) => deepEqual(item, left));
    default:
      return ordered(operator, left, right);
  }
}

function ordered(operator: string, left: Json | undefined, right: Json | undefined): boolean {
  const comparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  return operator === '>=' && left >= right;
}
