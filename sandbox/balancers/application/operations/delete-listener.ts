import type { DeleteListenerInput, DeleteListenerOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ApplicationState, refreshUse } from '../state.ts';

export function deleteListener(state: ApplicationState) {
  return async (input: DeleteListenerInput): Promise<DeleteListenerOutput> => {
    const listener = state.findListener(input.ListenerArn);
    state.listeners.delete(listener.arn);
    refreshUse(state);
    await listener.open.close();
    return {};
  };
}
