import { createHash } from 'node:crypto';
import { isObject, type Json, parseJson } from '../json.ts';
import { count, stringAt } from './arguments.ts';
import { IntrinsicError, type IntrinsicFunction } from './function.ts';

const MAX_LENGTH = 10_000;
const ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];

export const encodings: Record<string, IntrinsicFunction> = {
  'States.Base64Encode': (values) => {
    count(values, 1);
    return Buffer.from(limited(stringAt(values, 0))).toString('base64');
  },

  'States.Base64Decode': (values) => {
    count(values, 1);
    return Buffer.from(limited(stringAt(values, 0)), 'base64').toString();
  },

  'States.Hash': (values) => {
    count(values, 2);
    const data = typeof values[0] === 'string' ? values[0] : JSON.stringify(values[0]);
    return hash(limited(data), stringAt(values, 1));
  },

  'States.JsonMerge': (values) => {
    count(values, 3);
    if (values[2] !== false) throw new IntrinsicError('Only the shallow merging mode is supported');
    return { ...objectAt(values, 0), ...objectAt(values, 1) };
  },

  'States.StringToJson': (values) => {
    count(values, 1);
    const text = stringAt(values, 0);
    // AWS reads a blank text as null instead of refusing it.
    if (text.trim() === '') return null;
    const parsed = parseJson(text);
    if (parsed === undefined) throw new IntrinsicError(`The string is not valid JSON: ${text}`);
    return parsed;
  },

  'States.JsonToString': (values) => {
    count(values, 1);
    return JSON.stringify(values[0]);
  },
};

/** The digest in lower-case hexadecimal; also JSONata's $hash. */
export function hash(data: string, algorithm: string): string {
  if (!ALGORITHMS.includes(algorithm)) throw new IntrinsicError(`Unsupported hash algorithm: ${algorithm}`);
  return createHash(algorithm.replace('SHA-', 'sha')).update(data).digest('hex');
}

function limited(text: string): string {
  if (text.length > MAX_LENGTH) throw new IntrinsicError(`The input exceeds ${MAX_LENGTH} characters`);
  return text;
}

function objectAt(values: Json[], index: number): { [key: string]: Json } {
  const value = values[index];
  if (!isObject(value)) throw new IntrinsicError(`Argument ${index + 1} must be a JSON object`);
  return value;
}
