import type { DeleteAccessPointInput, DeleteAccessPointOutput } from '@aws-sdk/client-elastic-load-balancing';
import { closeListener } from '../listeners.ts';
import type { ClassicState } from '../state.ts';

/** "If the load balancer does not exist or has already been deleted, the call still succeeds." */
export function deleteLoadBalancer(state: ClassicState) {
  return async (input: DeleteAccessPointInput): Promise<DeleteAccessPointOutput> => {
    const balancer = state.balancers.get(input.LoadBalancerName ?? '');
    if (!balancer) return {};
    state.balancers.delete(balancer.name);
    await Promise.all([...balancer.listeners.keys()].map((port) => closeListener(balancer, port)));
    balancer.pool.close();
    return {};
  };
}
