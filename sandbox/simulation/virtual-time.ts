import FakeTimers, { type Clock as FakeClock } from '@sinonjs/fake-timers';

/**
 * Virtual time for everything in this process that waits: the sandbox's services, the handlers and the SDK's own
 * back-off. setImmediate and microtasks stay real: DynamoDB's engine and the file system need them.
 */
export interface VirtualTime {
  now(): number;
  /** Lets everything happen that needs no time to pass. */
  settle(): Promise<void>;
  /** Passes time until the question has an answer; fails when that takes longer than so many virtual seconds. */
  until<T>(what: string, question: () => Promise<T | undefined | false>, seconds?: number): Promise<T>;
  /** Passes so many seconds. */
  pass(seconds: number): Promise<void>;
  /** The same for days: whatever is due meanwhile happens at their end, and what repeats happens once. */
  leap(seconds: number): Promise<void>;
  uninstall(): void;
}

const START = Date.UTC(2026, 0, 1);

/** `busy` says whether something is under way that will end without time passing. */
export function installVirtualTime(busy: () => boolean): VirtualTime {
  const immediately = globalThis.setImmediate;
  const turn = () => new Promise<void>((resolve) => immediately(() => resolve()));
  const clock: FakeClock = FakeTimers.install({
    now: START,
    // Libraries start timers while their modules load, before time is virtual.
    shouldClearNativeTimers: true,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });

  async function settle(): Promise<void> {
    // Quiet for a few turns of the event loop in a row: one turn may only carry an answer from one part to the next.
    for (let quiet = 0; quiet < 6; ) {
      await turn();
      quiet = busy() ? 0 : quiet + 1;
    }
  }

  /** Goes from timer to timer; a timer of its own marks the end of the span, so that there always is a next one. */
  async function passUntil(seconds: number, isOver: () => Promise<boolean>): Promise<boolean> {
    let spent = false;
    const end = setTimeout(() => {
      spent = true;
    }, seconds * 1000);
    for (;;) {
      await settle();
      if (await isOver()) {
        clearTimeout(end);
        return true;
      }
      if (spent) return false;
      await clock.nextAsync();
    }
  }

  return {
    now: () => clock.now,
    settle,
    async until<T>(what: string, question: () => Promise<T | undefined | false>, seconds = 3600): Promise<T> {
      let answer: T | undefined | false;
      const isOver = async () => {
        answer = await question();
        return answer !== undefined && answer !== false;
      };
      if (!(await passUntil(seconds, isOver)))
        throw new Error(`${what} did not come within ${seconds} virtual seconds`);
      return answer as T;
    },
    async pass(seconds) {
      await passUntil(seconds, async () => false);
    },
    async leap(seconds) {
      await settle();
      clock.jump(seconds * 1000);
      await settle();
    },
    uninstall: () => clock.uninstall(),
  };
}
