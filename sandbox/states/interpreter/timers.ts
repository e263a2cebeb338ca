import { type Clock, sleep } from '#sandbox/core/clock.ts';

/** The longest delay a JavaScript timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves at `time`, however far away; rejects with the signal's reason when it aborts first. */
export async function waitUntil(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  for (let left = time - clock.now(); left > 0; left = time - clock.now()) {
    // Timers take whole milliseconds: a fraction (of a jittered delay) would be cut off, and a virtual clock stand still.
    await sleep(clock, Math.min(Math.ceil(left), LONGEST_TIMER_MS), signal);
  }
  signal.throwIfAborted();
}

/** Calls back after `seconds`, unless it is cancelled or put off before. */
export interface Countdown {
  restart(): void;
  cancel(): void;
}

export function countdown(clock: Clock, seconds: number, onExpired: () => void): Countdown {
  let controller = new AbortController();
  const run = () => {
    const { signal } = controller;
    waitUntil(clock, clock.now() + seconds * 1000, signal).then(
      () => onExpired(),
      () => undefined,
    );
  };
  run();
  return {
    restart() {
      controller.abort();
      controller = new AbortController();
      run();
    },
    cancel() {
      controller.abort();
    },
  };
}
