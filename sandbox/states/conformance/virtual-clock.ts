import { setImmediate } from 'node:timers/promises';
import type { Clock } from '#sandbox/core/clock.ts';

interface Pending {
  at: number;
  callback: () => void;
}

/** A clock that jumps to the next timer as soon as nothing else is left to do: waits and retries happen at once. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #timers = new Set<Pending>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, milliseconds: number): Pending {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as Pending);
  }

  /**
   * Runs until `done` says so, or until there is nothing left that could ever happen. Before each jump `onIdle`
   * may step in; true means that it did.
   */
  async run(done: () => boolean, onIdle: () => boolean = () => false): Promise<void> {
    for (;;) {
      await setImmediate();
      if (done()) return;
      if (onIdle()) continue;
      const next = [...this.#timers].sort((left, right) => left.at - right.at)[0];
      if (next === undefined) return;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
  }
}
