import type { ServiceCalls } from '#sandbox/core/calls.ts';

/** How traffic reaches the tasks: the seed's classic load balancer, or a target group of instances or of addresses. */
export type Generation = 'classic' | 'instance' | 'ip';

/** The seed's classic load balancer, with checks as slow as AWS's own. */
export async function createClassicBalancer(
  { call }: ServiceCalls,
  listenerPort: number,
): Promise<undefined> {
  await call('elasticloadbalancing', 'CreateLoadBalancer', {
    LoadBalancerName: 'webapp-load-balancer',
    Listeners: [
      { Protocol: 'HTTP', LoadBalancerPort: listenerPort, InstanceProtocol: 'HTTP', InstancePort: 80 },
    ],
    AvailabilityZones: ['us-east-1a'],
  });
  await call('elasticloadbalancing', 'ConfigureHealthCheck', {
    LoadBalancerName: 'webapp-load-balancer',
    HealthCheck: { Target: 'HTTP:80/', Interval: 5, Timeout: 2, UnhealthyThreshold: 2, HealthyThreshold: 2 },
  });
}

/** An Application Load Balancer with one target group; returns the target group's ARN. */
export async function createApplicationBalancer(
  { call }: ServiceCalls,
  listenerPort: number,
  targetType: 'instance' | 'ip',
): Promise<string> {
  const balancer = await call('elasticloadbalancingv2', 'CreateLoadBalancer', {
    Name: 'webapp-load-balancer',
    Subnets: ['subnet-a', 'subnet-b'],
  });
  const group = await call('elasticloadbalancingv2', 'CreateTargetGroup', {
    Name: 'webapp',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: targetType,
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: 2,
    UnhealthyThresholdCount: 2,
    HealthyThresholdCount: 2,
  });
  const { TargetGroupArn } = group.TargetGroups[0];
  await call('elasticloadbalancingv2', 'ModifyTargetGroupAttributes', {
    TargetGroupArn,
    Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '10' }],
  });
  await call('elasticloadbalancingv2', 'CreateListener', {
    LoadBalancerArn: balancer.LoadBalancers[0].LoadBalancerArn,
    Protocol: 'HTTP',
    Port: listenerPort,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  });
  return TargetGroupArn;
}
