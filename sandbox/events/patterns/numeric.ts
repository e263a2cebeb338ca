import { invalidPattern, type ValueMatcher } from './value-matcher.ts';

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** EventBridge compares numbers of at most this magnitude. */
const LARGEST = 5_000_000_000;

/** numeric: ["=", 5], [">", 0], or a range such as [">", 0, "<=", 5]. */
export function compileNumeric(argument: unknown): ValueMatcher {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    throw invalidPattern(
      'Invalid member in numeric match: a comparison and a number, once or twice, are required',
    );
  }
  const bounds = argument.length === 2 ? [argument] : [argument.slice(0, 2), argument.slice(2)];
  if (bounds.length === 2) checkRange(bounds);
  const tests = bounds.map(([operator, bound]) => compileComparison(operator, bound));
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function compileComparison(operator: unknown, bound: unknown): (value: number) => boolean {
  const compare = COMPARISONS[String(operator)];
  if (compare === undefined) throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== 'number') throw invalidPattern(`Value of ${operator} must be numeric`);
  if (Math.abs(bound) > LARGEST)
    throw invalidPattern(`Value must be between -${LARGEST} and ${LARGEST}, inclusive`);
  return (value) => compare(value, bound);
}

/** A range opens with > or >= and closes, higher up, with < or <=. */
function checkRange([from, to]: unknown[][]): void {
  const [lower, low] = from ?? [];
  const [upper, high] = to ?? [];
  if (!String(lower).startsWith('>') || !String(upper).startsWith('<'))
    throw invalidPattern('Bad numeric range operator');
  if (Number(low) >= Number(high)) throw invalidPattern('Bottom must be less than top');
}
