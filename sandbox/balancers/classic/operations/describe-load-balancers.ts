import type {
  DescribeAccessPointsInput,
  DescribeAccessPointsOutput,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { page } from '../../options.ts';
import type { ClassicBalancer, ClassicState } from '../state.ts';

export function describeLoadBalancers(state: ClassicState) {
  return (input: DescribeAccessPointsInput): DescribeAccessPointsOutput => {
    const chosen = input.LoadBalancerNames?.length
      ? input.LoadBalancerNames.map((name) => state.find(name))
      : [...state.balancers.values()];
    const { items, next } = page(chosen, input.Marker, input.PageSize);
    return { LoadBalancerDescriptions: items.map(describe), NextMarker: next };
  };
}

function describe(balancer: ClassicBalancer): LoadBalancerDescription {
  return {
    LoadBalancerName: balancer.name,
    DNSName: '127.0.0.1',
    ListenerDescriptions: [...balancer.listeners.values()].map(({ shape }) => ({
      Listener: shape,
      PolicyNames: [],
    })),
    Policies: { AppCookieStickinessPolicies: [], LBCookieStickinessPolicies: [], OtherPolicies: [] },
    BackendServerDescriptions: [],
    AvailabilityZones: balancer.availabilityZones,
    Subnets: balancer.subnets,
    Instances: balancer.pool.members().map(({ target }) => ({ InstanceId: target.id })),
    HealthCheck: balancer.healthCheck,
    SecurityGroups: balancer.securityGroups,
    CreatedTime: balancer.createdTime,
    Scheme: balancer.scheme,
  };
}
