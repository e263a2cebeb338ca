import type {
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  LoadBalancerAttribute,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { notSupported } from '#sandbox/core/errors.ts';
import { requireRange } from '../../options.ts';
import type { ApplicationBalancer, ApplicationState } from '../state.ts';

const idleTimeout = 'idle_timeout.timeout_seconds';

export function modifyLoadBalancerAttributes(state: ApplicationState) {
  return (input: ModifyLoadBalancerAttributesInput): ModifyLoadBalancerAttributesOutput => {
    const balancer = state.findBalancer(input.LoadBalancerArn);
    for (const { Key, Value } of input.Attributes ?? []) {
      if (Key !== idleTimeout) throw notSupported(`the load balancer attribute '${Key}'`);
      requireRange(idleTimeout, Number(Value), 1, 4000);
    }
    for (const { Value } of input.Attributes ?? []) balancer.idleTimeoutSeconds = Number(Value);
    return { Attributes: attributes(balancer) };
  };
}

export function describeLoadBalancerAttributes(state: ApplicationState) {
  return (input: DescribeLoadBalancerAttributesInput): DescribeLoadBalancerAttributesOutput => ({
    Attributes: attributes(state.findBalancer(input.LoadBalancerArn)),
  });
}

function attributes(balancer: ApplicationBalancer): LoadBalancerAttribute[] {
  return [{ Key: idleTimeout, Value: String(balancer.idleTimeoutSeconds) }];
}
