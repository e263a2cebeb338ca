import { compileAnythingBut } from './anything-but.ts';
import { compileCidr } from './cidr.ts';
import { compileNumeric } from './numeric.ts';
import { compileAffix, invalidPattern, requireText, type ValueMatcher } from './value-matcher.ts';
import { compileWildcard } from './wildcard.ts';

type MatcherCompiler = (argument: unknown) => ValueMatcher;

/** The comparison operators of event patterns, each for one value of the event. */
const OPERATORS: Record<string, MatcherCompiler> = {
  prefix: (argument) => compileAffix('prefix', argument, (text, affix) => text.startsWith(affix)),
  suffix: (argument) => compileAffix('suffix', argument, (text, affix) => text.endsWith(affix)),
  'equals-ignore-case': (argument) => {
    const wanted = requireText('equals-ignore-case', argument).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
  },
  'anything-but': compileAnythingBut,
  numeric: compileNumeric,
  cidr: compileCidr,
  wildcard: compileWildcard,
};

/** One element of a pattern's array: a literal value or one comparison operator. */
export function compileMatcher(element: unknown): ValueMatcher {
  if (typeof element !== 'object' || element === null) return compileLiteral(element);
  if (Array.isArray(element))
    throw invalidPattern('Match value must be String, number, true, false, or null');
  const [[operator, argument] = ['', undefined], ...more] = Object.entries(element);
  if (more.length > 0) throw invalidPattern('Only one key allowed in match expression');
  const compile = OPERATORS[operator];
  if (compile === undefined) throw invalidPattern(`Unrecognized match type ${operator}`);
  return compile(argument);
}

/** Texts, numbers, booleans and null match what is exactly the same, type and all. */
function compileLiteral(expected: unknown): ValueMatcher {
  return (value) => value === expected;
}
