import { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceDefinition } from '#sandbox/core/service.ts';

/** The protocols of `getShapeId()` of an SDK client's protocol, without their namespace. */
export type ProtocolName = 'awsJson1_0' | 'awsJson1_1' | 'awsQuery' | 'ec2Query' | 'restJson1' | 'restXml';

export interface OperationModel {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Names of the input's required members: the runtime schema lists them first and tells how many there are. */
  required: string[];
  /** The operation's HTTP binding, where the protocol has one: method, URI pattern, status. */
  http?: [method: string, uri: string, status: number];
}

export interface ErrorModel {
  name: string;
  httpStatus?: number;
  /** The code of the query protocols where it differs from the shape's name. */
  queryCode?: string;
  schema: NormalizedSchema;
}

/** What the runtime schemas of an SDK client say about its service. */
export interface ServiceModel {
  definition: ServiceDefinition;
  protocol: ProtocolName;
  /** `AmazonEC2ContainerServiceV20141113` of `X-Amz-Target`. */
  targetPrefix: string;
  /** The API's version, 2014-11-13: what tells services of the query protocol apart. */
  version: string;
  xmlNamespace?: string;
  operations: Map<string, OperationModel>;
  /** By shape name and by query code. */
  errors: Map<string, ErrorModel>;
}

interface ClientConfig {
  protocol: { getShapeId(): string };
  protocolSettings: { serviceTarget: string; version: string; xmlNamespace?: string };
}

type ClientClass = new (config: object) => { config: ClientConfig };

// Static schemas are tuples [kind, namespace, name, traits, …] (StaticSchema of @smithy/types).
const operationKind = 9;
const errorKind = -3;
type StaticTuple = [kind: number, namespace: string, name: string, traits: Traits | 0, ...rest: unknown[]];
interface Traits {
  http?: [string, string, number];
  httpError?: number;
  error?: 'client' | 'server';
  awsQueryError?: [code: string, status: number];
}

const models = new WeakMap<ServiceDefinition, ServiceModel>();

/** Reads a service's protocol, operations and errors from its SDK client package. */
export function serviceModel(definition: ServiceDefinition): ServiceModel {
  const known = models.get(definition);
  if (known) return known;
  const { protocol, protocolSettings } = clientConfig(definition.sdk);
  const tuples = Object.values(definition.sdk).filter(isTuple);
  const model: ServiceModel = {
    definition,
    protocol: protocol.getShapeId().replace('aws.protocols#', '') as ProtocolName,
    targetPrefix: protocolSettings.serviceTarget,
    version: protocolSettings.version,
    xmlNamespace: protocolSettings.xmlNamespace,
    operations: new Map(tuples.filter(([kind]) => kind === operationKind).map(operationEntry)),
    errors: new Map(tuples.filter(([kind]) => kind === errorKind).flatMap(errorEntries)),
  };
  models.set(definition, model);
  return model;
}

function clientConfig(sdk: Record<string, unknown>): ClientConfig {
  const [, Client] =
    Object.entries(sdk).find(
      ([name, value]) => /^[A-Z]\w*Client$/.test(name) && typeof value === 'function',
    ) ?? [];
  if (!Client) throw new Error('The namespace given as `sdk` exports no client class of the AWS SDK v3');
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' };
  return new (Client as ClientClass)({ region: 'us-east-1', credentials }).config;
}

function isTuple(value: unknown): value is StaticTuple {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[2] === 'string';
}

function operationEntry([, , name, traits, input, output]: StaticTuple): [string, OperationModel] {
  const schema = NormalizedSchema.of(input as never);
  const operation: OperationModel = {
    name,
    input: schema,
    output: NormalizedSchema.of(output as never),
    required: requiredMembers(schema),
  };
  if (traits !== 0 && traits.http) operation.http = traits.http;
  return [name, operation];
}

/** The members that a structure requires. */
function requiredMembers(schema: NormalizedSchema): string[] {
  if (!schema.isStructSchema()) return [];
  const [, , , , names, , count] = schema.getSchema() as unknown as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return names.slice(0, count ?? 0);
}

function errorEntries(tuple: StaticTuple): [string, ErrorModel][] {
  const [, , name, traits] = tuple;
  const error: ErrorModel = { name, schema: NormalizedSchema.of(tuple as never) };
  if (traits !== 0) {
    const status =
      traits.awsQueryError?.[1] ?? traits.httpError ?? (traits.error === 'server' ? 500 : undefined);
    if (status !== undefined) error.httpStatus = status;
    if (traits.awsQueryError) error.queryCode = traits.awsQueryError[0];
  }
  const entries: [string, ErrorModel][] = [[name, error]];
  if (error.queryCode) entries.push([error.queryCode, error]);
  return entries;
}
