import type { GetPolicyRequest, GetPolicyResponse } from '@aws-sdk/client-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { LambdaState } from '../state.ts';

export function getPolicy({ store }: LambdaState): Operation<GetPolicyRequest, GetPolicyResponse> {
  return (input) => {
    const { policy, latest } = store.get(input.FunctionName ?? '');
    if (policy.length === 0) {
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
        httpStatus: 404,
        fields: { Type: 'User' },
      });
    }
    const document = { Version: '2012-10-17', Id: 'default', Statement: policy };
    return { Policy: JSON.stringify(document), RevisionId: latest.revisionId };
  };
}
