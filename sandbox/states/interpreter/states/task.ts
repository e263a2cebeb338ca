import type { Json } from '../../json.ts';
import { withRetryAndCatch } from '../attempts.ts';
import { type Exit, leaveWith, workInput } from '../data/flow.ts';
import { secondsOf } from '../data/numbers.ts';
import type { Frame } from '../frame.ts';
import { perform } from '../task/perform.ts';
import { resourceOf } from '../task/resource.ts';

export function runTask(frame: Frame): Promise<Exit> {
  return withRetryAndCatch(frame, () => attempt(frame));
}

/** One attempt. Arguments are evaluated anew each time, and a wait for a callback gets a new token. */
async function attempt(frame: Frame): Promise<Exit> {
  const resource = resourceOf(frame.state.Resource ?? '');
  const { tasks } = frame.line.run.environment;
  const callback = resource.kind === 'invoke.waitForTaskToken' ? tasks.openCallback(frame.name) : undefined;
  frame.taskToken = callback?.token;
  try {
    const input = await workInput(frame);
    const timeout = await secondsOf(frame, 'TimeoutSeconds');
    const heartbeat = await secondsOf(frame, 'HeartbeatSeconds');
    frame.signal.throwIfAborted();
    const result = await perform({ frame, resource, input, timeout, heartbeat, callback });
    return await leaveWith(frame, JSON.parse(result) as Json);
  } finally {
    callback?.close();
  }
}
