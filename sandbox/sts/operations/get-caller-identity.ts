import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { OperationContext } from '#sandbox/core/service.ts';

export function getCallerIdentity(_input: object, { caller }: OperationContext): GetCallerIdentityResponse {
  return { Account: caller.accountId, Arn: caller.arn, UserId: caller.userId };
}
