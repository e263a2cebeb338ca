import { AwsError } from '#sandbox/core/errors.ts';
import type { Random } from '#sandbox/core/random.ts';
import type { Callback } from '../interpreter/environment.ts';
import { StateError } from '../interpreter/errors.ts';
import { statesError } from './errors.ts';

interface Wait {
  open: boolean;
  succeed(output: string): void;
  fail(failure: StateError): void;
  beat(): void;
}

const TOKEN = /^AQC[0-9a-f]{253}$/;
const GONE = 'Provided task does not exist anymore';

/** The task tokens that have been given out, and the waits behind them. */
export class TaskTokens {
  readonly #waits = new Map<string, Wait>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  open(): Callback {
    const token = `AQC${this.#random.hex(253)}`;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // An answer may come before anybody listens.
    promise.catch(() => undefined);
    let listener: () => void = () => undefined;
    const wait: Wait = { open: true, succeed: resolve, fail: reject, beat: () => listener() };
    this.#waits.set(token, wait);
    return {
      token,
      settled: promise,
      onHeartbeat: (onBeat) => {
        listener = onBeat;
      },
      close: () => {
        wait.open = false;
      },
    };
  }

  succeed(token: string, output: string): void {
    this.#answer(token).succeed(output);
  }

  fail(token: string, error: string | undefined, cause: string | undefined): void {
    this.#answer(token).fail(new StateError(error, cause));
  }

  beat(token: string): void {
    this.#find(token).beat();
  }

  /** A wait takes one answer. */
  #answer(token: string): Wait {
    const wait = this.#find(token);
    wait.open = false;
    return wait;
  }

  #find(token: string): Wait {
    if (!TOKEN.test(token)) throw statesError('InvalidToken', 'Invalid Token', 'Invalid token');
    const wait = this.#waits.get(token);
    if (wait === undefined) throw new AwsError('TaskDoesNotExist', `Task Does Not Exist: '${GONE}'`);
    if (!wait.open) throw new AwsError('TaskTimedOut', `Task Timed Out: '${GONE}'`);
    return wait;
  }
}
