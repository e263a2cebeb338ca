import type {
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener as ListenerShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { page } from '../../options.ts';
import type { ApplicationListener, ApplicationState } from '../state.ts';

export function describeListeners(state: ApplicationState) {
  return (input: DescribeListenersInput): DescribeListenersOutput => {
    const chosen = input.ListenerArns?.length
      ? input.ListenerArns.map((arn) => state.findListener(arn))
      : listenersOf(state, input.LoadBalancerArn);
    const { items, next } = page(chosen, input.Marker, input.PageSize);
    return { Listeners: items.map(describeListener), NextMarker: next };
  };
}

function listenersOf(state: ApplicationState, balancerArn: string | undefined): ApplicationListener[] {
  const balancer = state.findBalancer(balancerArn);
  return [...state.listeners.values()].filter((listener) => listener.balancer === balancer);
}

export function describeListener(listener: ApplicationListener): ListenerShape {
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.balancer.arn,
    Port: listener.port,
    Protocol: 'HTTP',
    DefaultActions: listener.defaultActions,
  };
}
