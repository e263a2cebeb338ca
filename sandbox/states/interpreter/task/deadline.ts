import type { Clock } from '#sandbox/core/clock.ts';
import { StateError } from '../errors.ts';
import { type Countdown, countdown } from '../timers.ts';

/**
 * Runs work until it is done, until `seconds` have passed, or until the signal aborts. `expire` starts a second
 * countdown beside the first one (a heartbeat). Both end the work with States.Timeout, which is what AWS
 * records for heartbeats too.
 */
export async function withDeadline<T>(
  clock: Clock,
  seconds: number | undefined,
  outer: AbortSignal,
  work: (signal: AbortSignal, expire: (seconds: number) => Countdown) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const countdowns: Countdown[] = [];
  const expire = (after: number) => {
    const timer = countdown(clock, after, () =>
      controller.abort(new StateError('States.Timeout', undefined)),
    );
    countdowns.push(timer);
    return timer;
  };
  const onAbort = () => controller.abort(outer.reason);
  outer.addEventListener('abort', onAbort, { once: true });
  try {
    outer.throwIfAborted();
    if (seconds !== undefined) expire(seconds);
    return await Promise.race([work(controller.signal, expire), aborted(controller.signal)]);
  } finally {
    outer.removeEventListener('abort', onAbort);
    for (const timer of countdowns) timer.cancel();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
