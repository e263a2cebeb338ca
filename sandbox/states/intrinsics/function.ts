import type { Random } from '#sandbox/core/random.ts';
import type { Json } from '../json.ts';

/** Why a function refused its arguments. */
export class IntrinsicError extends Error {
  override name = 'IntrinsicError';
}

export interface IntrinsicEnvironment {
  /** The value at a path; fails as it likes. */
  select(path: string): Json;
  random: Random;
}

export type IntrinsicFunction = (values: Json[], environment: IntrinsicEnvironment) => Json;
