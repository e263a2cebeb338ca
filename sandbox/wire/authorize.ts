import { AwsError } from '#sandbox/core/errors.ts';
import type { AuthorizationRequest, Caller } from '#sandbox/core/service.ts';
import type { ProtocolName, ServiceModel } from './model.ts';

/** Where policies are asked: IAM. Answers why the caller may not, or undefined where it may. */
export interface Authorizer {
  denial(caller: Caller, request: AuthorizationRequest): string | undefined;
}

/** What IAM has to allow for this call: what the service says, or its action on '*'. */
export function authorizationOf(
  service: ServiceModel,
  operationName: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const { authorize, iamPrefix, signingName } = service.definition;
  return (
    authorize?.(operationName, input) ?? [
      { action: `${iamPrefix ?? signingName}:${operationName}`, resources: ['*'] },
    ]
  );
}

/** Lets the call pass or fails with the service's own way to say that access is denied. */
export function enforce(
  authorizer: Authorizer,
  caller: Caller,
  service: ServiceModel,
  requests: AuthorizationRequest[],
): void {
  for (const request of requests) {
    const denial = authorizer.denial(caller, request);
    if (denial !== undefined) throw accessDenied(service, denial);
  }
}

/** How a service says that access is denied. */
export function accessDenied(service: ServiceModel, message: string): AwsError {
  if (service.definition.signingName === 'sns') {
    return new AwsError('AuthorizationError', message, { httpStatus: 403 });
  }
  const codes: Record<ProtocolName, [code: string, httpStatus: number]> = {
    awsJson1_0: ['AccessDeniedException', 400],
    awsJson1_1: ['AccessDeniedException', 400],
    awsQuery: ['AccessDenied', 403],
    ec2Query: ['UnauthorizedOperation', 403],
    restJson1: ['AccessDeniedException', 403],
    restXml: ['AccessDenied', 403],
  };
  const [code, httpStatus] = codes[service.protocol];
  return new AwsError(code, message, { httpStatus });
}
