import { caught } from './catch.ts';
import type { Exit } from './data/flow.ts';
import { StateError } from './errors.ts';
import { type Frame, report } from './frame.ts';
import { RetryCounter } from './retry.ts';

/** Work of a Task, a Parallel or a Map, with the state's Retry and Catch around it. */
export async function withRetryAndCatch(
  frame: Frame,
  attempt: () => Promise<Exit>,
  onGivenUp: (failure: StateError) => void = () => undefined,
): Promise<Exit> {
  frame.retryCount = 0;
  const retries = new RetryCounter();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      report(frame, error);
      if (await retries.next(frame, error)) continue;
      onGivenUp(error);
      const exit = await caught(frame, error);
      if (exit) return exit;
      throw error;
    }
  }
}
