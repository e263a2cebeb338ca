import { compileAffix, invalidPattern, requireText, type ValueMatcher } from './value-matcher.ts';
import { compileWildcard } from './wildcard.ts';

/** What may stand inside anything-but, each with one text or a list of texts. */
const NESTED: Record<string, (text: unknown) => ValueMatcher> = {
  prefix: (argument) => compileAffix('prefix', argument, (text, affix) => text.startsWith(affix)),
  suffix: (argument) => compileAffix('suffix', argument, (text, affix) => text.endsWith(affix)),
  wildcard: compileWildcard,
  'equals-ignore-case': (argument) => {
    const unwanted = requireText('equals-ignore-case', argument).toLowerCase();
    return (value) => typeof value === 'string' && value.toLowerCase() === unwanted;
  },
};

/**
 * anything-but with a value, a list of values of one type, or a nested operator. A field that is not there does
 * not match; of an array it is enough that one element is something else.
 */
export function compileAnythingBut(argument: unknown): ValueMatcher {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) {
    return negate(compileNested(argument as Record<string, unknown>));
  }
  const unwanted = Array.isArray(argument) ? argument : [argument];
  const types = new Set(unwanted.map((value) => typeof value));
  const isLiteral = [...types].every((type) => type === 'string' || type === 'number');
  if (unwanted.length === 0 || types.size !== 1 || !isLiteral) {
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  return negate((value) => unwanted.includes(value));
}

function compileNested(argument: Record<string, unknown>): ValueMatcher {
  const [[operator, inner] = ['', undefined], ...more] = Object.entries(argument);
  const compile = NESTED[operator];
  if (compile === undefined || more.length > 0)
    throw invalidPattern(`Unsupported anything-but pattern: ${operator}`);
  const texts = Array.isArray(inner) ? inner : [inner];
  if (texts.length === 0) throw invalidPattern('Empty arrays are not allowed');
  const matchers = texts.map(compile);
  return (value) => matchers.some((matches) => matches(value));
}

const negate =
  (matches: ValueMatcher): ValueMatcher =>
  (value) =>
    value !== undefined && !matches(value);
