import { seededRandom } from '#sandbox/core/random.ts';
import { count, integerAt } from './arguments.ts';
import { IntrinsicError, type IntrinsicFunction } from './function.ts';

export const numbers: Record<string, IntrinsicFunction> = {
  /** From start (included) to end (excluded); the same seed gives the same number. */
  'States.MathRandom': (values, { random }) => {
    count(values, 2, 3);
    const start = integerAt(values, 0);
    const end = integerAt(values, 1);
    if (end <= start) throw new IntrinsicError('The end must be greater than the start');
    const source = values.length === 3 ? seededRandom(integerAt(values, 2)) : random;
    return start + Math.floor(source.next() * (end - start));
  },

  'States.MathAdd': (values) => {
    count(values, 2);
    return integerAt(values, 0) + integerAt(values, 1);
  },
};
