import type {
  DescribeLoadBalancersInput,
  DescribeLoadBalancersOutput,
  LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';
import { page } from '../../options.ts';
import type { ApplicationBalancer, ApplicationState } from '../state.ts';

export function describeLoadBalancers(state: ApplicationState) {
  return (input: DescribeLoadBalancersInput): DescribeLoadBalancersOutput => {
    const { items, next } = page(chosen(state, input), input.Marker, input.PageSize);
    return { LoadBalancers: items.map((balancer) => describeBalancer(balancer, state)), NextMarker: next };
  };
}

function chosen(state: ApplicationState, input: DescribeLoadBalancersInput): ApplicationBalancer[] {
  if (input.LoadBalancerArns?.length) return input.LoadBalancerArns.map((arn) => state.findBalancer(arn));
  const all = [...state.balancers.values()];
  if (!input.Names?.length) return all;
  return input.Names.map((name) => {
    const balancer = all.find((one) => one.name === name);
    if (balancer) return balancer;
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${name}]' not found`);
  });
}

/** The state is active at once: there is nothing to provision, the listeners bind their ports themselves. */
export function describeBalancer(balancer: ApplicationBalancer, state: ApplicationState): LoadBalancer {
  return {
    LoadBalancerArn: balancer.arn,
    LoadBalancerName: balancer.name,
    DNSName: '127.0.0.1',
    CreatedTime: balancer.createdTime,
    Scheme: balancer.scheme,
    State: { Code: 'active' },
    Type: 'application',
    AvailabilityZones: balancer.subnets.map((SubnetId, index) => ({
      ZoneName: `${state.context.region}${'abcdef'[index % 6]}`,
      SubnetId,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: balancer.securityGroups,
    IpAddressType: 'ipv4',
  };
}
