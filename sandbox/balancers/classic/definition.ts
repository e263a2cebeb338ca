import * as sdk from '@aws-sdk/client-elastic-load-balancing';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, ServiceDefinition } from '#sandbox/core/service.ts';
import { configureHealthCheck } from './operations/configure-health-check.ts';
import { createLoadBalancer } from './operations/create-load-balancer.ts';
import { deleteLoadBalancer } from './operations/delete-load-balancer.ts';
import { deregisterInstancesFromLoadBalancer } from './operations/deregister-instances-from-load-balancer.ts';
import { describeInstanceHealth } from './operations/describe-instance-health.ts';
import { describeLoadBalancers } from './operations/describe-load-balancers.ts';
import {
  describeLoadBalancerAttributes,
  modifyLoadBalancerAttributes,
} from './operations/load-balancer-attributes.ts';
import {
  createLoadBalancerListeners,
  deleteLoadBalancerListeners,
} from './operations/load-balancer-listeners.ts';
import { registerInstancesWithLoadBalancer } from './operations/register-instances-with-load-balancer.ts';
import { addTags, describeTags, removeTags } from './operations/tags.ts';
import type { ClassicState } from './state.ts';

/** Elastic Load Balancing, API version 2012-06-01: Classic Load Balancers. */
export function classicDefinition(state: ClassicState): ServiceDefinition {
  return {
    signingName: 'elasticloadbalancing',
    sdk,
    operations: {
      CreateLoadBalancer: createLoadBalancer(state),
      DescribeLoadBalancers: describeLoadBalancers(state),
      DeleteLoadBalancer: deleteLoadBalancer(state),
      ConfigureHealthCheck: configureHealthCheck(state),
      RegisterInstancesWithLoadBalancer: registerInstancesWithLoadBalancer(state),
      DeregisterInstancesFromLoadBalancer: deregisterInstancesFromLoadBalancer(state),
      DescribeInstanceHealth: describeInstanceHealth(state),
      CreateLoadBalancerListeners: createLoadBalancerListeners(state),
      DeleteLoadBalancerListeners: deleteLoadBalancerListeners(state),
      ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes(state),
      DescribeLoadBalancerAttributes: describeLoadBalancerAttributes(state),
      AddTags: addTags(state),
      RemoveTags: removeTags(state),
      DescribeTags: describeTags(state),
    },
    authorize: (operation, input) => authorize(state, operation, input),
  };
}

/** Service Authorization Reference, "AWS Elastic Load Balancing": Describe* knows no resource. */
function authorize(
  state: ClassicState,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `elasticloadbalancing:${operation}`;
  if (operation.startsWith('Describe')) return [{ action, resources: ['*'] }];
  const names = (input.LoadBalancerNames ?? [input.LoadBalancerName]) as string[];
  const resources = names.map((name) => arn(state.context, 'elasticloadbalancing', `loadbalancer/${name}`));
  return [{ action, resources }];
}
