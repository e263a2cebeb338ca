import type {
  ModifyTargetGroupInput,
  ModifyTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { healthCheckOf, validateHealthCheck } from '../health-check.ts';
import type { ApplicationState } from '../state.ts';
import { describeGroup } from './describe-target-groups.ts';

/** The next check of every target goes by the new settings. */
export function modifyTargetGroup(state: ApplicationState) {
  return (input: ModifyTargetGroupInput): ModifyTargetGroupOutput => {
    const group = state.findTargetGroup(input.TargetGroupArn);
    const shape = { ...group.shape, ...healthCheckOf(input) };
    validateHealthCheck(shape, state.context.options);
    group.shape = shape;
    return { TargetGroups: [describeGroup(group, state)] };
  };
}
