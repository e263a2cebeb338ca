import type { ModifyListenerInput, ModifyListenerOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { notSupported } from '#sandbox/core/errors.ts';
import { validateActions } from '../actions.ts';
import { type ApplicationState, refreshUse } from '../state.ts';
import { describeListener } from './describe-listeners.ts';

/** Changes where a listener forwards to; its port and protocol stay what they are. */
export function modifyListener(state: ApplicationState) {
  return (input: ModifyListenerInput): ModifyListenerOutput => {
    const listener = state.findListener(input.ListenerArn);
    if (input.Port !== undefined && input.Port !== listener.port)
      throw notSupported('changing the port of a listener');
    if (input.Protocol && input.Protocol !== 'HTTP')
      throw notSupported(`listeners with protocol '${input.Protocol}'`);
    if (input.DefaultActions) {
      validateActions(input.DefaultActions, listener.balancer.arn, state);
      listener.defaultActions = input.DefaultActions;
      refreshUse(state);
    }
    return { Listeners: [describeListener(listener)] };
  };
}
