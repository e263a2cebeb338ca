import type {
  DescribeLoadBalancerAttributesInput,
  DescribeLoadBalancerAttributesOutput,
  LoadBalancerAttributes,
  ModifyLoadBalancerAttributesInput,
  ModifyLoadBalancerAttributesOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { notSupported } from '#sandbox/core/errors.ts';
import { requireRange } from '../../options.ts';
import type { ClassicBalancer, ClassicState } from '../state.ts';

export function modifyLoadBalancerAttributes(state: ClassicState) {
  return (input: ModifyLoadBalancerAttributesInput): ModifyLoadBalancerAttributesOutput => {
    const balancer = state.find(input.LoadBalancerName);
    const { ConnectionDraining, ConnectionSettings, CrossZoneLoadBalancing, AccessLog } =
      input.LoadBalancerAttributes ?? {};
    if (AccessLog?.Enabled) throw notSupported('access logs of load balancers');
    if (ConnectionSettings) requireRange('IdleTimeout', ConnectionSettings.IdleTimeout ?? 0, 1, 3600);
    if (ConnectionDraining?.Timeout !== undefined)
      requireRange('Timeout', ConnectionDraining.Timeout, 1, 3600);
    if (ConnectionSettings) balancer.idleTimeoutSeconds = ConnectionSettings.IdleTimeout ?? 60;
    if (CrossZoneLoadBalancing) balancer.crossZone = CrossZoneLoadBalancing.Enabled ?? false;
    if (ConnectionDraining) {
      balancer.connectionDraining = {
        Enabled: ConnectionDraining.Enabled ?? false,
        Timeout: ConnectionDraining.Timeout ?? balancer.connectionDraining.Timeout,
      };
    }
    return { LoadBalancerName: balancer.name, LoadBalancerAttributes: attributes(balancer) };
  };
}

export function describeLoadBalancerAttributes(state: ClassicState) {
  return (input: DescribeLoadBalancerAttributesInput): DescribeLoadBalancerAttributesOutput => ({
    LoadBalancerAttributes: attributes(state.find(input.LoadBalancerName)),
  });
}

function attributes(balancer: ClassicBalancer): LoadBalancerAttributes {
  return {
    CrossZoneLoadBalancing: { Enabled: balancer.crossZone },
    AccessLog: { Enabled: false },
    ConnectionDraining: { ...balancer.connectionDraining },
    ConnectionSettings: { IdleTimeout: balancer.idleTimeoutSeconds },
  };
}
