import type { RemovePermissionRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { LambdaState } from '../state.ts';

export function removePermission({ store }: LambdaState): Operation<RemovePermissionRequest, object> {
  return (input) => {
    const { policy } = store.get(input.FunctionName ?? '');
    const index = policy.findIndex((statement) => statement.Sid === input.StatementId);
    if (index < 0) {
      const message = `Statement ${input.StatementId} is not found in resource policy.`;
      throw new AwsError('ResourceNotFoundException', message, { httpStatus: 404, fields: { Type: 'User' } });
    }
    policy.splice(index, 1);
    return {};
  };
}
