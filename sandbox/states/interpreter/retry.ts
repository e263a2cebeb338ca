import type { Retrier } from './definition.ts';
import type { StateError } from './errors.ts';
import type { Frame } from './frame.ts';
import { waitUntil } from './timers.ts';

/**
 * Whether a Retry or Catch names this failure. States.TaskFailed stands for all but States.Timeout, States.ALL
 * for all that may be handled at all (Developer Guide, "Error names").
 */
export function matches(names: string[], failure: StateError): boolean {
  if (failure.handling === 'none') return false;
  const error = failure.error ?? '';
  return names.some((name) => {
    if (name === error) return true;
    if (failure.handling === 'named') return false;
    if (name === 'States.ALL') return true;
    return name === 'States.TaskFailed' && error !== 'States.Timeout' && error !== 'States.HeartbeatTimeout';
  });
}

/** Seconds before the next attempt, after `retries` attempts of this retrier. */
function delaySeconds(retrier: Retrier, retries: number, random: () => number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** retries;
  const delay = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.JitterStrategy === 'FULL' ? random() * delay : delay;
}

/** Counts the retries of one visit to a state; a redrive begins with a new one. */
export class RetryCounter {
  readonly #counts = new Map<Retrier, number>();

  /** Waits for the next attempt; false where the failure is not to be retried (again). */
  async next(frame: Frame, failure: StateError): Promise<boolean> {
    const retrier = frame.state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, failure));
    if (retrier === undefined) return false;
    const retries = this.#counts.get(retrier) ?? 0;
    if (retries >= (retrier.MaxAttempts ?? 3)) return false;
    this.#counts.set(retrier, retries + 1);
    frame.retryCount = (frame.retryCount ?? 0) + 1;
    const { clock, random } = frame.line.run.environment;
    const seconds = delaySeconds(retrier, retries, () => random.next());
    await waitUntil(clock, clock.now() + seconds * 1000, frame.signal);
    return true;
  }
}
