import { type Random, seededRandom } from '#sandbox/core/random.ts';
import { hash } from '../intrinsics/encodings.ts';
import { compile } from './evaluate.ts';

/** What the functions of one evaluation take from outside. */
export interface FunctionEnvironment {
  now: number;
  random: Random;
}

/**
 * The functions that AWS adds to JSONata or changes (Developer Guide, "Transforming data with JSONata"):
 * $partition, $range, $hash, $random, $uuid, $parse. $now, $millis and $shuffle are bound to the clock and
 * the randomness that the interpreter was given.
 */
export function jsonataFunctions({ now, random }: FunctionEnvironment): Record<string, unknown> {
  return {
    partition: (array: unknown, size: number) => {
      const items = asArray(array);
      if (!(size >= 1)) throw new Error('The chunk size must be a positive integer');
      const length = Math.trunc(size);
      return Array.from({ length: Math.ceil(items.length / length) }, (_, chunk) =>
        items.slice(chunk * length, (chunk + 1) * length),
      );
    },
    range,
    hash: (data: unknown, algorithm: string) =>
      hash(typeof data === 'string' ? data : JSON.stringify(data), algorithm),
    random: (seed?: number) => (seed === undefined ? random : seededRandom(seed)).next(),
    uuid: () => random.uuid(),
    parse: (text: string) => JSON.parse(text) as unknown,
    millis: () => now,
    now: (picture?: string, timezone?: string) =>
      compile('$fromMillis($millis, $picture, $timezone)').evaluate(undefined, {
        millis: now,
        picture,
        timezone,
      }),
    shuffle: (array: unknown) => shuffle(asArray(array), random),
    eval: () => {
      throw new Error('The function $eval is not supported; use $parse');
    },
  };
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** From `first` to `last`, both included where the step meets them. */
function range(first: number, last: number, step: number): number[] {
  if (!step) throw new Error('The step must not be zero');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  return Array.from({ length }, (_, index) => first + index * step);
}

function shuffle(items: unknown[], random: Random): unknown[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
