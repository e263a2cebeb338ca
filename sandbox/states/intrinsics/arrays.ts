import { deepEqual, type Json } from '../json.ts';
import { arrayAt, count, integerAt } from './arguments.ts';
import { IntrinsicError, type IntrinsicFunction } from './function.ts';

const MAX_RANGE = 1000;

export const arrays: Record<string, IntrinsicFunction> = {
  'States.Array': (values) => values,

  'States.ArrayPartition': (values) => {
    count(values, 2);
    const array = arrayAt(values, 0);
    const size = integerAt(values, 1);
    if (size < 1) throw new IntrinsicError('The chunk size must be a positive integer');
    return Array.from({ length: Math.ceil(array.length / size) }, (_, chunk) =>
      array.slice(chunk * size, (chunk + 1) * size),
    );
  },

  'States.ArrayContains': (values) => {
    count(values, 2);
    return arrayAt(values, 0).some((item) => deepEqual(item, values[1]));
  },

  'States.ArrayRange': (values) => {
    count(values, 3);
    return range(integerAt(values, 0), integerAt(values, 1), integerAt(values, 2));
  },

  'States.ArrayGetItem': (values) => {
    count(values, 2);
    const index = integerAt(values, 1);
    const item = arrayAt(values, 0)[index];
    if (item === undefined) throw new IntrinsicError(`The index ${index} is out of bounds`);
    return item;
  },

  'States.ArrayLength': (values) => {
    count(values, 1);
    return arrayAt(values, 0).length;
  },

  'States.ArrayUnique': (values) => {
    count(values, 1);
    return arrayAt(values, 0).filter(
      (item, index, all) => all.findIndex((other) => deepEqual(other, item)) === index,
    );
  },
};

/** From `first` to `last`, both included where the step meets them; at most 1,000 elements. */
function range(first: number, last: number, step: number): Json[] {
  if (step === 0) throw new IntrinsicError('The increment must not be zero');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new IntrinsicError(`The array exceeds ${MAX_RANGE} elements`);
  return Array.from({ length }, (_, index) => first + index * step);
}
