import type { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import { isPublishable } from '#sandbox/core/publish.ts';
import { RESERVED_VARIABLES } from './environments/variables.ts';
import type { FunctionSettings } from './function-store.ts';

/** The members that CreateFunction and UpdateFunctionConfiguration share. */
export type SettingsInput = Omit<CreateFunctionRequest, 'Code' | 'FunctionName' | 'Role'> & { Role?: string };

const NODE_RUNTIME = /^nodejs(18|20|22|24)\.x$/;

/** 4 KB over all names and values together. */
const ENVIRONMENT_LIMIT = 4096;

/** The settings that the input asks for, over those that hold already. Refuses what the sandbox cannot run. */
export function mergeSettings(current: FunctionSettings, input: SettingsInput): FunctionSettings {
  const settings: FunctionSettings = {
    runtime: input.Runtime ?? current.runtime,
    handler: input.Handler ?? current.handler,
    role: input.Role ?? current.role,
    description: input.Description ?? current.description,
    timeout: input.Timeout ?? current.timeout,
    memorySize: input.MemorySize ?? current.memorySize,
    environment: input.Environment === undefined ? current.environment : (input.Environment.Variables ?? {}),
    logGroup: input.LoggingConfig?.LogGroup ?? current.logGroup,
    deadLetterArn:
      input.DeadLetterConfig === undefined ? current.deadLetterArn : input.DeadLetterConfig.TargetArn,
    layers: input.Layers ?? current.layers,
    architectures: input.Architectures ?? current.architectures,
    tracing: input.TracingConfig?.Mode ?? current.tracing,
  };
  checkSettings(settings, input);
  return settings;
}

export function defaultSettings(functionName: string): FunctionSettings {
  return {
    runtime: 'nodejs24.x',
    handler: '',
    role: '',
    description: '',
    timeout: 3,
    memorySize: 128,
    environment: {},
    logGroup: `/aws/lambda/${functionName}`,
    layers: [],
    architectures: ['x86_64'],
    tracing: 'PassThrough',
  };
}

function checkSettings(settings: FunctionSettings, input: SettingsInput): void {
  if (!NODE_RUNTIME.test(settings.runtime))
    throw invalid(`This sandbox runs Node.js functions only, not ${settings.runtime}`);
  if (input.PackageType === 'Image')
    throw invalid('This sandbox does not run functions from container images');
  if (settings.layers.length > 0) throw invalid('This sandbox does not support layers');
  if (settings.handler === '') throw invalid('Handler is required for a function of package type Zip');
  const { deadLetterArn } = settings;
  if (deadLetterArn !== undefined && !isPublishable(deadLetterArn))
    throw invalid(`Not a topic or queue: ${deadLetterArn}`);
  checkRange('timeout', settings.timeout, 1, 900);
  checkRange('memorySize', settings.memorySize, 128, 10_240);
  checkEnvironment(settings.environment);
}

function checkRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
  );
}

function checkEnvironment(environment: Record<string, string>): void {
  const reserved = Object.keys(environment).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > ENVIRONMENT_LIMIT) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { fields: { Type: 'User' } });
}
