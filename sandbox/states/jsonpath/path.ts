import type { Json } from '../json.ts';

/** One step of a path, in the order in which they are taken from the root. */
export type Step =
  | { kind: 'property'; name: string }
  | { kind: 'properties'; names: string[] }
  | { kind: 'index'; index: number }
  | { kind: 'indices'; indices: number[] }
  | { kind: 'slice'; from?: number; to?: number; step?: number }
  | { kind: 'wildcard' }
  | { kind: 'descend' }
  | { kind: 'filter'; filter: Filter }
  | { kind: 'length' };

/** Something a filter can compare: a constant, or a path from the current item (@) or the root ($). */
export type Operand =
  | { kind: 'constant'; value: Json }
  | { kind: 'pattern'; value: RegExp }
  | { kind: 'path'; from: '@' | '$'; steps: Step[] };

export type Filter =
  | { kind: 'or' | 'and'; left: Filter; right: Filter }
  | { kind: 'not'; filter: Filter }
  | { kind: 'exists'; operand: Operand }
  | { kind: 'compare'; operator: string; left: Operand; right: Operand };
