import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation, OperationContext, SandboxContext } from '#sandbox/core/service.ts';
import { trusts } from '#sandbox/iam/evaluate.ts';
import type { Iam } from '#sandbox/iam/iam.ts';

/** Credentials of a role session for whom the role's trust policy names. Session policies are not supported. */
export function assumeRole(
  context: SandboxContext,
  iam: Pick<Iam, 'role' | 'issueCredentials'>,
): Operation<AssumeRoleRequest, AssumeRoleResponse> {
  return (input, { caller }: OperationContext) => {
    const { RoleArn = '', RoleSessionName = '', DurationSeconds = 3600, ExternalId } = input;
    if (input.Policy !== undefined || input.PolicyArns !== undefined) {
      throw new AwsError('ValidationError', 'Session policies are not supported by this sandbox.');
    }
    if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
      throw new AwsError(
        'ValidationError',
        `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    }
    const role = iam.role(RoleArn);
    const principal = { type: 'AWS' as const, name: caller.arn, accountId: context.accountId };
    const keys = ExternalId === undefined ? {} : { 'sts:externalid': ExternalId };
    // A role that does not exist answers like one that does not trust the caller.
    if (!role || !trusts(role.trust, principal, keys)) {
      throw new AwsError(
        'AccessDenied',
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        { httpStatus: 403 },
      );
    }
    if (DurationSeconds < 900 || DurationSeconds > role.maxSessionDuration) {
      throw new AwsError(
        'ValidationError',
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    const session = iam.issueCredentials(RoleArn, RoleSessionName, DurationSeconds);
    return {
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiration,
      },
      AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.arn },
    };
  };
}
