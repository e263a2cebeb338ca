import type { CreateListenerInput, CreateListenerOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { openListener } from '../../engine/listener.ts';
import { mergeTags } from '../../tags.ts';
import { routeOf, validateActions } from '../actions.ts';
import { conditionsHold } from '../conditions.ts';
import { type ApplicationListener, type ApplicationState, refreshUse } from '../state.ts';
import { describeListener } from './describe-listeners.ts';

/** Binds the port. A port that cannot be bound on this machine is an error that says so. */
export function createListener(state: ApplicationState) {
  return async (input: CreateListenerInput): Promise<CreateListenerOutput> => {
    const balancer = state.findBalancer(input.LoadBalancerArn);
    const port = input.Port ?? 0;
    if (input.Protocol !== 'HTTP') throw notSupported(`listeners with protocol '${input.Protocol}'`);
    if (!(port >= 1 && port <= 65535)) throw new AwsError('ValidationError', 'A port must be specified');
    if ([...state.listeners.values()].some((other) => other.balancer === balancer && other.port === port)) {
      throw new AwsError(
        'DuplicateListener',
        `A listener already exists on this port for this load balancer '${balancer.arn}'`,
      );
    }
    validateActions(input.DefaultActions, balancer.arn, state);
    const listener: ApplicationListener = {
      arn: `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${state.context.random.hex(16)}`,
      balancer,
      port,
      defaultActions: input.DefaultActions ?? [],
      rules: [],
      tags: new Map(),
      open: await openListener({
        ...state.context,
        generation: 'application',
        protocol: 'HTTP',
        listenerPort: port,
        idleTimeoutSeconds: () => balancer.idleTimeoutSeconds,
        route: (request) => {
          const rule = request && listener.rules.find((one) => conditionsHold(one.conditions, request));
          return routeOf(rule?.actions ?? listener.defaultActions, state);
        },
      }),
    };
    mergeTags(listener.tags, input.Tags);
    state.listeners.set(listener.arn, listener);
    refreshUse(state);
    return { Listeners: [describeListener(listener)] };
  };
}
