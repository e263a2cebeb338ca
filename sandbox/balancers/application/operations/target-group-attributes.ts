import type {
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupAttributesOutput,
  TargetGroupAttribute,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { notSupported } from '#sandbox/core/errors.ts';
import { requireRange } from '../../options.ts';
import type { ApplicationState, TargetGroup } from '../state.ts';

const delay = 'deregistration_delay.timeout_seconds';
const slowStart = 'slow_start.duration_seconds';
/** Attributes that are taken when they ask for what the sandbox does anyway. */
const only: Record<string, string> = {
  'load_balancing.algorithm.type': 'round_robin',
  'stickiness.enabled': 'false',
  [slowStart]: '0',
};

export function modifyTargetGroupAttributes(state: ApplicationState) {
  return (input: ModifyTargetGroupAttributesInput): ModifyTargetGroupAttributesOutput => {
    const group = state.findTargetGroup(input.TargetGroupArn);
    for (const { Key = '', Value } of input.Attributes ?? []) {
      if (Key === delay) requireRange(delay, Number(Value), 0, 3600);
      else if (only[Key] !== Value)
        throw notSupported(`the target group attribute '${Key}' with value '${Value}'`);
    }
    const asked = input.Attributes?.find(({ Key }) => Key === delay);
    if (asked) group.deregistrationDelaySeconds = Number(asked.Value);
    return { Attributes: attributes(group) };
  };
}

export function describeTargetGroupAttributes(state: ApplicationState) {
  return (input: DescribeTargetGroupAttributesInput): DescribeTargetGroupAttributesOutput => ({
    Attributes: attributes(state.findTargetGroup(input.TargetGroupArn)),
  });
}

function attributes(group: TargetGroup): TargetGroupAttribute[] {
  return [
    { Key: delay, Value: String(group.deregistrationDelaySeconds) },
    ...Object.entries(only).map(([Key, Value]) => ({ Key, Value })),
  ];
}
