import * as sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, ServiceDefinition } from '#sandbox/core/service.ts';
import { createListener } from './operations/create-listener.ts';
import { createLoadBalancer } from './operations/create-load-balancer.ts';
import { createRule } from './operations/create-rule.ts';
import { createTargetGroup } from './operations/create-target-group.ts';
import { deleteListener } from './operations/delete-listener.ts';
import { deleteLoadBalancer } from './operations/delete-load-balancer.ts';
import { deleteRule } from './operations/delete-rule.ts';
import { deleteTargetGroup } from './operations/delete-target-group.ts';
import { describeListeners } from './operations/describe-listeners.ts';
import { describeLoadBalancers } from './operations/describe-load-balancers.ts';
import { describeRules } from './operations/describe-rules.ts';
import { describeTargetGroups } from './operations/describe-target-groups.ts';
import { describeTargetHealth } from './operations/describe-target-health.ts';
import {
  describeLoadBalancerAttributes,
  modifyLoadBalancerAttributes,
} from './operations/load-balancer-attributes.ts';
import { modifyListener } from './operations/modify-listener.ts';
import { modifyRule } from './operations/modify-rule.ts';
import { modifyTargetGroup } from './operations/modify-target-group.ts';
import { deregisterTargets, registerTargets } from './operations/register-targets.ts';
import { addTags, describeTags, removeTags } from './operations/tags.ts';
import {
  describeTargetGroupAttributes,
  modifyTargetGroupAttributes,
} from './operations/target-group-attributes.ts';
import type { ApplicationState } from './state.ts';

/** Elastic Load Balancing, API version 2015-12-01: Application Load Balancers. */
export function applicationDefinition(state: ApplicationState): ServiceDefinition {
  return {
    signingName: 'elasticloadbalancing',
    sdk,
    operations: {
      CreateLoadBalancer: createLoadBalancer(state),
      DescribeLoadBalancers: describeLoadBalancers(state),
      DeleteLoadBalancer: deleteLoadBalancer(state),
      ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes(state),
      DescribeLoadBalancerAttributes: describeLoadBalancerAttributes(state),
      CreateTargetGroup: createTargetGroup(state),
      DescribeTargetGroups: describeTargetGroups(state),
      ModifyTargetGroup: modifyTargetGroup(state),
      DeleteTargetGroup: deleteTargetGroup(state),
      ModifyTargetGroupAttributes: modifyTargetGroupAttributes(state),
      DescribeTargetGroupAttributes: describeTargetGroupAttributes(state),
      RegisterTargets: registerTargets(state),
      DeregisterTargets: deregisterTargets(state),
      DescribeTargetHealth: describeTargetHealth(state),
      CreateListener: createListener(state),
      DescribeListeners: describeListeners(state),
      ModifyListener: modifyListener(state),
      DeleteListener: deleteListener(state),
      CreateRule: createRule(state),
      DescribeRules: describeRules(state),
      ModifyRule: modifyRule(state),
      DeleteRule: deleteRule(state),
      AddTags: addTags(state),
      RemoveTags: removeTags(state),
      DescribeTags: describeTags(state),
    },
    authorize: (operation, input) => authorize(state, operation, input),
  };
}

/**
 * Service Authorization Reference, "AWS Elastic Load Balancing V2": Describe* knows no resource; a creation
 * is asked for on the ARN that the new thing will have, whose random ending a policy can only name by `*`.
 */
function authorize(
  state: ApplicationState,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `elasticloadbalancing:${operation}`;
  const named = [input.RuleArn, input.ListenerArn, input.TargetGroupArn, input.LoadBalancerArn].find(Boolean);
  const future: Record<string, string> = {
    CreateLoadBalancer: `loadbalancer/app/${input.Name}/*`,
    CreateTargetGroup: `targetgroup/${input.Name}/*`,
  };
  if (operation.startsWith('Describe')) return [{ action, resources: ['*'] }];
  if (Array.isArray(input.ResourceArns)) return [{ action, resources: input.ResourceArns }];
  const path = future[operation];
  const resource = path ? arn(state.context, 'elasticloadbalancing', path) : String(named ?? '*');
  return [{ action, resources: [resource] }];
}
