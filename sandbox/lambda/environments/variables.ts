import type { SandboxContext } from '#sandbox/core/service.ts';
import type { FunctionVersion } from '../function-store.ts';
import type { RoleCredentials } from '../needs.ts';

/**
 * The environment of a function: what it declares and what Lambda sets ("Defined runtime environment variables"
 * in the Lambda guide). AWS_ENDPOINT_URL is the sandbox's own addition, so that a plain SDK client reaches it;
 * HOME is a folder that does not exist, so that no ~/.aws of the host is read.
 */
export function functionVariables(
  context: SandboxContext,
  version: FunctionVersion,
  logStreamName: string,
  credentials: RoleCredentials,
): Record<string, string> {
  const { settings, functionName, code } = version;
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    HOME: '/home/sbx_user1051',
    ...settings.environment,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: code.taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: settings.environment.AWS_DEFAULT_REGION ?? context.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: context.endpoint(),
  };
}

/** Names that Lambda refuses in a function's declared environment. */
export const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
