import { determineTimestampFormat } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { dateToUtcString, NumericValue } from '@smithy/core/serde';
import { AwsError } from '#sandbox/core/errors.ts';

/** A timestamp as any protocol may write it: epoch seconds, RFC 3339 or an HTTP date. */
export function parseTimestamp(value: unknown): Date | undefined {
  const seconds =
    typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : undefined;
  const date =
    seconds === undefined ? new Date(typeof value === 'string' ? value : '') : new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Reads a value that a protocol carries as text: a form field, a header, part of a path. */
export function readText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) {
    if (text === 'true' || text === 'false') return text === 'true';
    throw malformed(text, 'Boolean');
  }
  if (schema.isNumericSchema()) {
    if (text === '' || Number.isNaN(Number(text))) throw malformed(text, 'Number');
    return Number(text);
  }
  if (schema.isTimestampSchema()) {
    const date = parseTimestamp(text);
    if (!date) throw malformed(text, 'Date');
    return date;
  }
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  if (schema.isBigIntegerSchema()) return BigInt(text);
  if (schema.isBigDecimalSchema()) return new NumericValue(text, 'bigDecimal');
  return text;
}

/** Writes a simple value for a response header. */
export function writeText(schema: NormalizedSchema, value: unknown): string {
  if (value instanceof Date) {
    const format = determineTimestampFormat(schema, {
      timestampFormat: { useTrait: true, default: 5 },
      httpBindings: true,
    });
    if (format === 6) return dateToUtcString(value);
    return format === 7 ? String(value.getTime() / 1000) : value.toISOString().replace('.000Z', 'Z');
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
}

function malformed(text: string, wanted: string): AwsError {
  return new AwsError('SerializationException', `'${text}' can not be converted to a ${wanted}`);
}
