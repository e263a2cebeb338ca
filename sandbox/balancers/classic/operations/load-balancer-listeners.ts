import type {
  CreateLoadBalancerListenerInput,
  CreateLoadBalancerListenerOutput,
  DeleteLoadBalancerListenerInput,
  DeleteLoadBalancerListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing';
import { closeListener, openListeners } from '../listeners.ts';
import type { ClassicState } from '../state.ts';

export function createLoadBalancerListeners(state: ClassicState) {
  return async (input: CreateLoadBalancerListenerInput): Promise<CreateLoadBalancerListenerOutput> => {
    await openListeners(state.find(input.LoadBalancerName), input.Listeners ?? [], state.context);
    return {};
  };
}

export function deleteLoadBalancerListeners(state: ClassicState) {
  return async (input: DeleteLoadBalancerListenerInput): Promise<DeleteLoadBalancerListenerOutput> => {
    const balancer = state.find(input.LoadBalancerName);
    await Promise.all((input.LoadBalancerPorts ?? []).map((port) => closeListener(balancer, port)));
    return {};
  };
}
