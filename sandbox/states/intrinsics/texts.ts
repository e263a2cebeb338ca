import { isObject, type Json } from '../json.ts';
import { count, stringAt } from './arguments.ts';
import { IntrinsicError, type IntrinsicFunction } from './function.ts';

export const texts: Record<string, IntrinsicFunction> = {
  'States.Format': (values) => {
    if (values.length === 0) throw new IntrinsicError('Expected at least 1 argument');
    return format(stringAt(values, 0), values.slice(1));
  },

  /** Every character of the second argument separates; empty parts are dropped (recorded behaviour). */
  'States.StringSplit': (values) => {
    count(values, 2);
    const separators = new Set(stringAt(values, 1));
    const parts: string[] = [''];
    for (const character of stringAt(values, 0)) {
      if (separators.has(character)) parts.push('');
      else parts[parts.length - 1] += character;
    }
    return parts.filter((part) => part !== '');
  },

  'States.UUID': (values, { random }) => {
    count(values, 0);
    return random.uuid();
  },
};

function format(template: string, values: Json[]): string {
  let next = 0;
  const text = template.replace(/\\([\s\S])|\{\}/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[next++];
    return value === undefined ? found : display(value);
  });
  if (next !== values.length) {
    throw new IntrinsicError(
      `The template has ${next} occurrences of {} but received ${values.length} values`,
    );
  }
  return text;
}

/** As Java prints a Map or a List: recorded from AWS as `{Id=arn:…, Name=…}`. */
function display(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(display).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${key}=${display(member)}`)
      .join(', ')}}`;
  }
  return String(value);
}
