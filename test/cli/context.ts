import pc from 'picocolors';
import type { Api } from '#cli/api.ts';
import type { Context } from '#cli/context.ts';

export const NOW = Date.parse('2030-01-31T12:00:00.000Z');

const plain = pc.createColors(false);

/** What a command works with, with a clock that only its pauses move. */
export function createTestContext(api: Api, { isTTY = false } = {}) {
  const written = { out: '', err: '' };
  let now = NOW;
  const sink = (name: keyof typeof written) => ({
    isTTY,
    columns: isTTY ? 0 : 80,
    rows: 0,
    write(text: string) {
      written[name] += text;
    },
  });
  const screen = sink('err');
  const context: Context = {
    screen,
    io: {
      out: sink('out'),
      err: screen,
      env: {},
      now: () => now,
      async pause(milliseconds) {
        now += milliseconds;
      },
      fetch: () => Promise.reject(new Error('Nothing is fetched')),
      browse: async () => undefined,
      ask: undefined,
      onInterrupt: () => () => undefined,
    },
    api,
    isSandbox: false,
    isJson: false,
    style: plain,
    errStyle: plain,
    print: (_, render) => {
      written.out += render();
    },
    say: (line) => {
      written.err += `${line}\n`;
    },
  };
  /** Since the command began. */
  const seconds = () => (now - NOW) / 1_000;
  return { context, written, seconds };
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
