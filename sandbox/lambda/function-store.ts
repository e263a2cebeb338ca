import type { CreateFunctionRequest, Runtime, TracingMode } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Code } from './code.ts';

/** What CreateFunction, UpdateFunctionConfiguration and UpdateFunctionCode decide. Frozen in a version. */
export interface FunctionSettings {
  runtime: Runtime;
  handler: string;
  role: string;
  description: string;
  timeout: number;
  memorySize: number;
  environment: Record<string, string>;
  logGroup: string;
  deadLetterArn?: string;
  layers: string[];
  architectures: NonNullable<CreateFunctionRequest['Architectures']>;
  tracing: TracingMode;
}

export interface FunctionVersion {
  functionName: string;
  /** `$LATEST` or a number. */
  version: string;
  /** The unqualified ARN for `$LATEST`. */
  arn: string;
  settings: FunctionSettings;
  code: Code;
  lastModified: number;
  revisionId: string;
}

export interface AsyncSettings {
  maximumRetryAttempts: number;
  maximumEventAgeInSeconds: number;
  onFailure?: string;
  onSuccess?: string;
  lastModified: number;
}

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Principal: '*' | { Service: string } | { AWS: string };
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface FunctionRecord {
  name: string;
  arn: string;
  latest: FunctionVersion;
  versions: FunctionVersion[];
  reservedConcurrency?: number;
  asyncSettings?: AsyncSettings;
  policy: PolicyStatement[];
  tags: Record<string, string>;
}

export interface FunctionReference {
  name: string;
  qualifier: string;
}

/** Reads a function's name, partial ARN or ARN, with or without a qualifier. */
export function parseReference(reference: string, qualifier?: string): FunctionReference {
  const match =
    /^(?:(?:arn:aws[\w-]*:lambda:[\w-]*:)?\d{12}:function:|function:)?([\w-]{1,64})(?::(\$LATEST|[\w-]+))?$/.exec(
      reference,
    );
  if (match?.[1] === undefined) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${reference}' at 'functionName' failed to satisfy constraint`,
    );
  }
  return { name: match[1], qualifier: qualifier ?? match[2] ?? '$LATEST' };
}

/** The functions of this account, by name. */
export class FunctionStore {
  readonly records = new Map<string, FunctionRecord>();
  readonly #arnOf: (name: string) => string;

  constructor(arnOf: (name: string) => string) {
    this.#arnOf = arnOf;
  }

  arnOf(name: string): string {
    return this.#arnOf(name);
  }

  /** The function, or ResourceNotFoundException as Lambda words it. */
  get(reference: string): FunctionRecord {
    const { name } = parseReference(reference);
    const record = this.records.get(name);
    if (record === undefined) throw notFound(this.arnOf(name));
    return record;
  }

  /** The version that a name, ARN or qualifier points to. Aliases are not supported. */
  version(reference: string, qualifier?: string): { record: FunctionRecord; version: FunctionVersion } {
    const wanted = parseReference(reference, qualifier);
    const record = this.get(reference);
    const version =
      wanted.qualifier === '$LATEST'
        ? record.latest
        : record.versions.find((candidate) => candidate.version === wanted.qualifier);
    if (version === undefined) throw notFound(`${record.arn}:${wanted.qualifier}`);
    return { record, version };
  }
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, {
    httpStatus: 404,
    fields: { Type: 'User' },
  });
}
