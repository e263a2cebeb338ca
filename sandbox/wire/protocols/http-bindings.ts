import type { NormalizedSchema } from '@smithy/core/schema';
import { queryParameters, type WireRequest } from '../messages.ts';
import { readText, writeText } from '../values/text.ts';
import type { Call } from './protocol.ts';

type Traits = ReturnType<NormalizedSchema['getMergedTraits']>;

/** How a REST protocol reads and writes what is bound to the body. */
export interface BodyCodec {
  /** A structure in the body of a request: the whole body, or the one member bound to it. */
  read(schema: NormalizedSchema, body: Uint8Array): unknown;
  write(schema: NormalizedSchema, value: unknown): string;
}

/** The members of an input that its HTTP binding puts into path, query, headers and payload. */
export function readBindings({ operation, labels }: Call, request: WireRequest, codec: BodyCodec) {
  const input: Record<string, unknown> = {};
  if (operation.input.isUnitSchema()) return input;
  const query = queryParameters(request.query);
  let bodyMembers = false;
  for (const [name, member] of operation.input.structIterator()) {
    const traits = member.getMergedTraits();
    const value = readBound(name, member, traits, { labels, query, request, codec });
    if (value === inBody) bodyMembers = true;
    else if (value !== undefined) input[name] = value;
  }
  if (!bodyMembers || request.body.length === 0) return input;
  return { ...(codec.read(operation.input, request.body) as object), ...input };
}

/** Says that a member is bound to nothing in particular: it is in the body, beside the others. */
const inBody = Symbol('in the body');

interface Sources {
  labels: Record<string, string>;
  query: [string, string][];
  request: WireRequest;
  codec: BodyCodec;
}

function readBound(name: string, member: NormalizedSchema, traits: Traits, sources: Sources): unknown {
  const { labels, query, request } = sources;
  if (traits.httpLabel) return labels[name] === undefined ? undefined : readText(member, labels[name]);
  if (traits.httpQuery) {
    const values = query.filter(([key]) => key === traits.httpQuery).map(([, value]) => value);
    return values.length === 0 ? undefined : readValues(member, values);
  }
  if (traits.httpQueryParams) return Object.fromEntries(query.filter(([key]) => key !== 'x-id'));
  if (traits.httpHeader) {
    const text = request.headers[traits.httpHeader.toLowerCase()];
    return text === undefined
      ? undefined
      : readValues(member, member.isListSchema() ? splitList(text) : [text]);
  }
  if (typeof traits.httpPrefixHeaders === 'string') return readPrefixed(request, traits.httpPrefixHeaders);
  return traits.httpPayload ? readPayload(member, sources) : inBody;
}

function readValues(member: NormalizedSchema, values: string[]): unknown {
  if (!member.isListSchema()) return readText(member, values[0] ?? '');
  const item = member.getValueSchema();
  return values.map((value) => readText(item, value));
}

const splitList = (text: string) => text.split(',').map((item) => item.trim());

function readPrefixed(request: WireRequest, prefix: string): Record<string, string> | undefined {
  const entries = Object.entries(request.headers)
    .filter(([name]) => name.startsWith(prefix.toLowerCase()))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function readPayload(member: NormalizedSchema, { request, codec }: Sources): unknown {
  if (member.isBlobSchema()) return request.body;
  if (request.body.length === 0) return undefined;
  return member.isStringSchema()
    ? Buffer.from(request.body).toString('utf8')
    : codec.read(member, request.body);
}

export interface BoundOutput {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array | string;
  /** Whether the body is a document of the protocol's own: JSON or XML. */
  document: boolean;
  streaming?: boolean;
}

/** An output as status, headers and body, as the operation's HTTP binding says. */
export function writeBindings(
  { operation }: Call,
  output: Record<string, unknown>,
  codec: BodyCodec,
): BoundOutput {
  const result: BoundOutput = {
    statusCode: operation.http?.[2] ?? 200,
    headers: {},
    body: '',
    document: false,
  };
  if (operation.output.isUnitSchema()) return result;
  const inDocument: Record<string, unknown> = {};
  let payload = false;
  for (const [name, member] of operation.output.structIterator()) {
    const traits = member.getMergedTraits();
    const value = output[name];
    if (traits.httpPayload) payload = true;
    if (value === undefined || value === null) continue;
    if (traits.httpHeader) result.headers[traits.httpHeader.toLowerCase()] = headerText(member, value);
    else if (typeof traits.httpPrefixHeaders === 'string') {
      for (const [key, text] of Object.entries(value)) {
        result.headers[(traits.httpPrefixHeaders + key).toLowerCase()] = String(text);
      }
    } else if (traits.httpResponseCode) result.statusCode = Number(value);
    else if (traits.httpPayload) Object.assign(result, writePayload(member, value, codec));
    else inDocument[name] = value;
  }
  // A structure with nothing bound to its payload is a document even when it is empty: `{}`, an empty list.
  if (!payload && hasBodyMembers(operation.output)) {
    result.body = codec.write(operation.output, inDocument);
    result.document = true;
  }
  return result;
}

function headerText(member: NormalizedSchema, value: unknown): string {
  return Array.isArray(value)
    ? value.map((item) => writeText(member, item)).join(', ')
    : writeText(member, value);
}

function writePayload(member: NormalizedSchema, value: unknown, codec: BodyCodec): Partial<BoundOutput> {
  if (value instanceof Uint8Array || typeof value === 'string') {
    return { body: value, streaming: member.isStreaming() };
  }
  return { body: codec.write(member, value), document: true };
}

/** The members that are bound to nothing but the body. */
function hasBodyMembers(schema: NormalizedSchema): boolean {
  return [...schema.structIterator()].some(([, member]) => {
    const traits = member.getMergedTraits();
    return !traits.httpHeader && !traits.httpPrefixHeaders && !traits.httpResponseCode && !traits.httpPayload;
  });
}
