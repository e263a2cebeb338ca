import { type Json, typeName } from '../json.ts';
import { IntrinsicError } from './function.ts';

export function count(values: Json[], least: number, most = least): void {
  if (values.length < least || values.length > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`;
    throw new IntrinsicError(`Expected ${expected} arguments but received ${values.length}`);
  }
}

export function arrayAt(values: Json[], index: number): Json[] {
  const value = values[index];
  if (!Array.isArray(value)) throw wrongType('an array', index, value);
  return value;
}

export function stringAt(values: Json[], index: number): string {
  const value = values[index];
  if (typeof value !== 'string') throw wrongType('a string', index, value);
  return value;
}

function numberAt(values: Json[], index: number): number {
  const value = values[index];
  if (typeof value !== 'number') throw wrongType('a number', index, value);
  return value;
}

/** Numbers that are no integers are rounded, as AWS documents for ArrayPartition, ArrayRange and MathAdd. */
export function integerAt(values: Json[], index: number): number {
  return Math.round(numberAt(values, index));
}

function wrongType(expected: string, index: number, value: Json | undefined): IntrinsicError {
  const actual = value === undefined ? 'nothing' : typeName(value);
  return new IntrinsicError(`Argument ${index + 1} must be ${expected} but was ${actual}`);
}
