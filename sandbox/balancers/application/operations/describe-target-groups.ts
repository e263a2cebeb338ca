import type {
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  TargetGroup as TargetGroupShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';
import { page } from '../../options.ts';
import { type ApplicationState, balancersOf, type TargetGroup } from '../state.ts';

export function describeTargetGroups(state: ApplicationState) {
  return (input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput => {
    const { items, next } = page(chosen(state, input), input.Marker, input.PageSize);
    return { TargetGroups: items.map((group) => describeGroup(group, state)), NextMarker: next };
  };
}

function chosen(state: ApplicationState, input: DescribeTargetGroupsInput): TargetGroup[] {
  if (input.TargetGroupArns?.length) return input.TargetGroupArns.map((arn) => state.findTargetGroup(arn));
  const all = [...state.targetGroups.values()];
  if (input.LoadBalancerArn) {
    const { arn } = state.findBalancer(input.LoadBalancerArn);
    return all.filter((group) => balancersOf(state, group.shape.TargetGroupArn).includes(arn));
  }
  if (!input.Names?.length) return all;
  return input.Names.map((name) => {
    const group = all.find((one) => one.shape.TargetGroupName === name);
    if (group) return group;
    throw new AwsError('TargetGroupNotFound', `Target groups '[${name}]' not found`);
  });
}

export function describeGroup(group: TargetGroup, state: ApplicationState): TargetGroupShape {
  return { ...group.shape, LoadBalancerArns: balancersOf(state, group.shape.TargetGroupArn) };
}
