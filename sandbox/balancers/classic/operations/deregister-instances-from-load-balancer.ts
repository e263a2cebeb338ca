import type {
  DeregisterEndPointsInput,
  DeregisterEndPointsOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ClassicState } from '../state.ts';

/** Answers at once; with connection draining on, what is in flight ends on its own. */
export function deregisterInstancesFromLoadBalancer(state: ClassicState) {
  return (input: DeregisterEndPointsInput): DeregisterEndPointsOutput => {
    const { pool } = state.find(input.LoadBalancerName);
    const targets = (input.Instances ?? []).map(({ InstanceId }) => ({ id: InstanceId ?? '', port: 0 }));
    const unknown = targets.find((target) => !pool.find(target));
    if (unknown) throw new AwsError('InvalidInstance', `Could not find EC2 instance ${unknown.id}.`);
    for (const target of targets) void pool.deregister(target);
    const left = pool.members().filter(({ health }) => health.state !== 'draining');
    return { Instances: left.map(({ target }) => ({ InstanceId: target.id })) };
  };
}
