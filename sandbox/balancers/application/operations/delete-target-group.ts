import type {
  DeleteTargetGroupInput,
  DeleteTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';
import { type ApplicationState, balancersOf } from '../state.ts';

export function deleteTargetGroup(state: ApplicationState) {
  return (input: DeleteTargetGroupInput): DeleteTargetGroupOutput => {
    const arn = input.TargetGroupArn ?? '';
    if (balancersOf(state, arn).length > 0) {
      throw new AwsError(
        'ResourceInUse',
        `Target group '${arn}' is currently in use by a listener or a rule`,
      );
    }
    state.targetGroups.get(arn)?.pool.close();
    state.targetGroups.delete(arn);
    return {};
  };
}
