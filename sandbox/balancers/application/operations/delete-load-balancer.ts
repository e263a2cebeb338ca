import type {
  DeleteLoadBalancerInput,
  DeleteLoadBalancerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ApplicationState, refreshUse } from '../state.ts';

/** Takes the listeners with it. "If the load balancer does not exist … the call succeeds." */
export function deleteLoadBalancer(state: ApplicationState) {
  return async (input: DeleteLoadBalancerInput): Promise<DeleteLoadBalancerOutput> => {
    const arn = input.LoadBalancerArn ?? '';
    state.balancers.delete(arn);
    const listeners = [...state.listeners.values()].filter((listener) => listener.balancer.arn === arn);
    for (const listener of listeners) state.listeners.delete(listener.arn);
    refreshUse(state);
    await Promise.all(listeners.map((listener) => listener.open.close()));
    return {};
  };
}
