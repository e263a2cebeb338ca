import { JsonShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';
import { AwsError } from '#sandbox/core/errors.ts';
import { parseTimestamp } from './text.ts';

/**
 * Reads parsed JSON as the SDK's own value of a schema (timestamps as Date, blobs as Uint8Array) and refuses
 * what has the wrong type, in the words of AWS's own deserializer. Members that the schema does not know are
 * passed over, and a null is a member that was not sent: so do the services.
 */
export function readJson(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isStructSchema()) return readStruct(schema, value);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(value, 'List');
    const member = schema.getValueSchema();
    return value.map((item) => (item === null ? null : readJson(member, item)));
  }
  if (schema.isMapSchema()) {
    const member = schema.getValueSchema();
    return Object.fromEntries(
      Object.entries(record(value))
        .filter(([, item]) => item !== null)
        .map(([key, item]) => [key, readJson(member, item)]),
    );
  }
  return readSimple(schema, value);
}

function readStruct(schema: NormalizedSchema, value: unknown): Record<string, unknown> {
  const source = record(value);
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = source[member.getMergedTraits().jsonName ?? name];
    if (item !== undefined && item !== null) result[name] = readJson(member, item);
  }
  return result;
}

function readSimple(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isStringSchema()) return expect(value, 'string', 'String');
  if (schema.isBooleanSchema()) return expect(value, 'boolean', 'Boolean');
  if (schema.isNumericSchema()) return readNumber(value);
  if (schema.isTimestampSchema()) return parseTimestamp(value) ?? fail(mismatch(value, 'Date'));
  if (schema.isBlobSchema()) return readBlob(value);
  if (schema.isBigIntegerSchema()) return BigInt(expect(value, 'number', 'BigInteger') as number);
  if (schema.isBigDecimalSchema()) return new NumericValue(String(value), 'bigDecimal');
  if (schema.isUnitSchema()) return {};
  return value;
}

function readNumber(value: unknown): number {
  // Smithy writes these three, which JSON has no numbers for, as strings.
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return expect(value, 'number', 'Number') as number;
}

function readBlob(value: unknown): Uint8Array {
  const text = expect(value, 'string', 'Blob') as string;
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new AwsError('SerializationException', 'Invalid Base64 data.');
  }
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function expect(value: unknown, type: 'string' | 'boolean' | 'number', name: string): unknown {
  if (typeof value !== type) throw mismatch(value, name);
  return value;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(value, 'Structure');
  return value as Record<string, unknown>;
}

function fail(error: Error): never {
  throw error;
}

function mismatch(value: unknown, wanted: string): AwsError {
  const message = Array.isArray(value)
    ? 'Unrecognized collection type: expected a value, found the start of a list.'
    : typeof value === 'object'
      ? 'Start of structure or map found where not expected.'
      : `${tokenName(value)} can not be converted to a ${wanted}`;
  return new AwsError('SerializationException', message);
}

function tokenName(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof value === 'number' ? 'NUMBER_VALUE' : 'STRING_VALUE';
}

/** Writes an SDK value of a structure's schema as JSON text, as the service would: timestamps in epoch seconds. */
export function writeJson(schema: NormalizedSchema, value: unknown, options = { jsonName: false }): string {
  if (schema.isUnitSchema()) return '{}';
  const serializer = new JsonShapeSerializer({
    timestampFormat: { useTrait: true, default: 7 },
    jsonName: options.jsonName,
  });
  serializer.write(schema, value ?? {});
  return serializer.flush() as string;
}
