import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Properties, ResourceRequest, ResourceType } from './resource-type.ts';
import { integer, pick, tagMap, textMap } from './shape.ts';

const HANDED_ON = [
  'Handler',
  'Role',
  'Runtime',
  'Description',
  'DeadLetterConfig',
  'LoggingConfig',
  'Architectures',
  'Layers',
  'PackageType',
  'TracingConfig',
];

/** AWS::Lambda::Function. The zip is read from the assets folder by the last part of its S3 key. */
export const lambdaFunction: ResourceType = {
  properties: [
    ...HANDED_ON,
    'FunctionName',
    'Code',
    'Timeout',
    'MemorySize',
    'Environment',
    'Tags',
    'ReservedConcurrentExecutions',
  ],
  // One machine has no KMS, and /tmp as large as it is.
  recorded: ['KmsKeyArn', 'EphemeralStorage'],
  async create(request) {
    const { properties, services, generatedName } = request;
    const FunctionName = String(properties.FunctionName ?? generatedName(64));
    const environment = properties.Environment as { Variables?: unknown } | undefined;
    const answer = await services.call('lambda', 'CreateFunction', {
      ...pick(properties, HANDED_ON),
      FunctionName,
      Code: code(request),
      Timeout: integer(properties.Timeout),
      MemorySize: integer(properties.MemorySize),
      Environment: { Variables: textMap(environment?.Variables) },
      Tags: tagMap(properties.Tags),
    });
    const reserved = integer(properties.ReservedConcurrentExecutions);
    if (reserved !== undefined) {
      await services.call('lambda', 'PutFunctionConcurrency', {
        FunctionName,
        ReservedConcurrentExecutions: reserved,
      });
    }
    return {
      physicalId: FunctionName,
      attributes: { Arn: answer.FunctionArn },
      remove: () => services.call('lambda', 'DeleteFunction', { FunctionName }),
    };
  },
};

function code({ properties, assetsDirectory }: ResourceRequest): Properties {
  const { ZipFile, S3Bucket, S3Key } = (properties.Code ?? {}) as Record<string, string | undefined>;
  // In a template, ZipFile is the source text of index.js itself.
  if (ZipFile !== undefined) return { ZipFile: zipSync({ 'index.js': strToU8(ZipFile) }) };
  const path = join(assetsDirectory, basename(S3Key ?? ''));
  if (S3Key !== undefined && existsSync(path)) return { ZipFile: readFileSync(path) };
  return { S3Bucket, S3Key };
}
