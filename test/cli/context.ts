import pc from 'picocolors';
import type { Api } from '#cli/client/api.ts';
import type { Context } from '#cli/context.ts';
import type { Output } from '#cli/terminal/io.ts';

export const NOW = Date.parse('2030-01-31T12:00:00.000Z');

/** Without colours. */
export const plain = pc.createColors(false);

type Terminal = Omit<Output, 'write'>;

/** The command's stdout and stderr, on such a terminal or on none, and what it has written there. */
export function createOutputs(terminal: Terminal = {}) {
  const written = { out: '', err: '' };
  const sink = (name: keyof typeof written): Output => ({
    ...terminal,
    write(text) {
      written[name] += text;
    },
  });
  return { written, out: sink('out'), err: sink('err') };
}

export interface TestContextOptions extends Terminal {
  /** What the clock shows at first, in epoch milliseconds; only pauses move it. */
  now?: number;
  isJson?: boolean;
  /** Called in each pause; what it is given presses Ctrl-C. */
  onPause?: (interrupt: () => void) => void;
}

/**
 * A command's context without a network and a process. Its outputs are no terminal, or with `isTTY` one that knows its
 * size only where that is given. `seconds` tells how long the command has paused in all.
 */
export function createTestContext(api: Api, options: TestContextOptions = {}) {
  const { now: start = NOW, isJson = false, onPause = () => undefined } = options;
  const { isTTY = false, columns = isTTY ? 0 : 80, rows = 0 } = options;
  const { written, out, err } = createOutputs({ isTTY, columns, rows });
  let now = start;
  let interrupt = () => {};
  const context: Context = {
    screen: err,
    io: {
      out,
      err,
      env: {},
      now: () => now,
      async pause(milliseconds) {
        now += milliseconds;
        onPause(() => interrupt());
      },
      fetch: () => Promise.reject(new Error('Nothing is fetched')),
      browse: async () => undefined,
      ask: undefined,
      onInterrupt(callback) {
        interrupt = callback;
        return () => {};
      },
    },
    api,
    isSandbox: false,
    isJson,
    style: plain,
    errStyle: plain,
    print: (answer, render) => void out.write(isJson ? `${JSON.stringify(answer)}\n` : render()),
    say: (line) => {
      if (!isJson) err.write(`${line}\n`);
    },
  };
  return { context, written, seconds: () => (now - start) / 1_000 };
}

/** A call that has these answers in turn, the last one again and again. A function makes the error that it fails with. */
export function inTurn<Answer extends object>(answers: (Answer | (() => Error))[]) {
  let looks = 0;
  return async (): Promise<Answer | undefined> => {
    const answer = answers[Math.min(looks++, answers.length - 1)];
    if (typeof answer === 'function') throw answer();
    return answer;
  };
}
