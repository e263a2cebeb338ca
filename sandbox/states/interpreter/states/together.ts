import type { Json } from '../../json.ts';
import { Interrupted } from '../errors.ts';
import type { Frame, Line } from '../frame.ts';

/** Runs a line of control to its end and gives its output. */
export type RunLine = (line: Line) => Promise<Json>;

/**
 * Does `work` for every index below `count`, `concurrency` at a time, in order. The first failure interrupts
 * the others and is thrown once they have let go.
 */
export async function runTogether(
  frame: Frame,
  count: number,
  concurrency: number,
  work: (index: number, signal: AbortSignal, slot: number) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(frame.signal.reason);
  frame.signal.addEventListener('abort', onAbort, { once: true });
  let next = 0;
  let failure: { error: unknown } | undefined;
  const runSlot = async (slot: number) => {
    while (next < count && failure === undefined) {
      const index = next++;
      try {
        await work(index, controller.signal, slot);
      } catch (error) {
        failure ??= { error };
        controller.abort(new Interrupted('A sibling failed'));
      }
    }
  };
  try {
    frame.signal.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(count, concurrency) }, (_, slot) => runSlot(slot)));
  } finally {
    frame.signal.removeEventListener('abort', onAbort);
  }
  if (failure !== undefined) throw failure.error;
}
