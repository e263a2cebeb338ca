import type { RegisterEndPointsInput, RegisterEndPointsOutput } from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ClassicState } from '../state.ts';

export function registerInstancesWithLoadBalancer(state: ClassicState) {
  return (input: RegisterEndPointsInput): RegisterEndPointsOutput => {
    const balancer = state.find(input.LoadBalancerName);
    for (const { InstanceId = '' } of input.Instances ?? []) {
      if (!/^i-[0-9a-f]+$/.test(InstanceId)) {
        throw new AwsError('InvalidInstance', `Could not find EC2 instance ${InstanceId}.`);
      }
    }
    for (const { InstanceId = '' } of input.Instances ?? [])
      balancer.pool.register({ id: InstanceId, port: 0 });
    return { Instances: balancer.pool.members().map(({ target }) => ({ InstanceId: target.id })) };
  };
}
