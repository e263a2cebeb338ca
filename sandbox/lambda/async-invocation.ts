import { sleep } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { SendToDestination } from './destinations.ts';
import type { AsyncSettings } from './function-store.ts';
import type { LoggedInvocation } from './invocation.ts';
import type { QueuedEvent } from './queued-event.ts';

export interface AsyncOptions {
  /** The pauses before the second and the third attempt after a function error. AWS waits one and two minutes. */
  retryDelays: number[];
  /** The first pause after a throttle; it doubles up to five minutes. */
  throttleDelay: number;
}

const DEFAULTS: Omit<AsyncSettings, 'lastModified'> = {
  maximumRetryAttempts: 2,
  maximumEventAgeInSeconds: 21_600,
};

const LONGEST_THROTTLE_DELAY = 300_000;

type Run = (event: QueuedEvent) => Promise<LoggedInvocation>;

/**
 * Runs one asynchronous invocation to its end: function errors are retried as the function's event invoke
 * configuration says, throttles until the event is too old, and what is left goes to the declared destination.
 */
export async function runQueuedEvent(
  context: SandboxContext,
  event: QueuedEvent,
  run: Run,
  send: SendToDestination,
  options: AsyncOptions,
  signal: AbortSignal,
): Promise<void> {
  const settings = event.record.asyncSettings ?? DEFAULTS;
  const deadline = context.clock.now() + settings.maximumEventAgeInSeconds * 1000;
  let throttleDelay = options.throttleDelay;
  for (let attempt = 1; !signal.aborted; ) {
    const result = await attemptOnce(event, run);
    if (result !== 'throttled' && result.functionError === undefined) {
      await send(event, result, attempt, 'Success');
      return;
    }
    const spent = result !== 'throttled' && attempt > settings.maximumRetryAttempts;
    const delay =
      result === 'throttled'
        ? throttleDelay
        : (options.retryDelays[attempt - 1] ?? options.retryDelays.at(-1) ?? 0);
    if (spent || context.clock.now() + delay > deadline) {
      await send(
        event,
        result === 'throttled' ? undefined : result,
        attempt,
        spent ? 'RetriesExhausted' : 'EventAgeExceeded',
      );
      return;
    }
    if (result === 'throttled') throttleDelay = Math.min(throttleDelay * 2, LONGEST_THROTTLE_DELAY);
    else attempt += 1;
    await sleep(context.clock, delay, signal).catch(() => {});
  }
}

async function attemptOnce(event: QueuedEvent, run: Run): Promise<LoggedInvocation | 'throttled'> {
  try {
    return await run(event);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'TooManyRequestsException') return 'throttled';
    throw error;
  }
}
