import { DeploymentError } from '#lib/deployment/errors.ts';

interface ServiceFault extends Error {
  $fault: 'client' | 'server';
  $metadata?: { httpStatusCode?: number };
  $service?: string;
}

const isServiceFault = (error: unknown): error is ServiceFault =>
  error instanceof Error && '$metadata' in error;

const THROTTLING =
  /throttl|toomanyrequests|requestlimitexceeded|provisionedthroughputexceeded|slowdown|limitexceededexception/i;
const NETWORK = /^(TimeoutError|NetworkingError|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT)$/;
const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedException|AuthorizationError)$/;

/** Throttling, 5xx and broken connections: asking again may help. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (NETWORK.test(error.name) || NETWORK.test(code)) return true;
  if (!isServiceFault(error)) return false;
  return THROTTLING.test(error.name) || (error.$metadata?.httpStatusCode ?? 0) >= 500;
}

/**
 * Gives an error of the SDK a name of ours where it is transient, or a refusal: the machine retries the first, and
 * people read what to do. Every other error stays what it is.
 */
export function toDeploymentError(error: unknown): unknown {
  if (error instanceof DeploymentError || !(error instanceof Error)) return error;
  const detail = `${error.name}: ${error.message.replace(/\.$/, '')}`;
  if (isTransient(error)) return new DeploymentError('AwsUnavailable', detail, { cause: error });
  if (isServiceFault(error) && DENIED.test(error.name))
    return new DeploymentError('AccessDenied', detail, { cause: error });
  return error;
}

export const hasName = (error: unknown, ...names: string[]) =>
  error instanceof Error && names.includes(error.name);
