import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  rows?: number;
}

/** The world around the command: an argument, so that tests see all of it. */
export interface Io {
  /** Data. */
  out: Output;
  /** Progress, and errors. */
  err: Output;
  env: Record<string, string | undefined>;
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  fetch: typeof fetch;
  /** Shows an address in the user's browser. */
  browse(address: string): Promise<unknown>;
  /** Asks whoever sits there, on stderr; undefined where nobody does. The answer is empty where there is none. */
  ask: ((question: string) => Promise<string>) | undefined;
  /** Calls back at each Ctrl-C until the returned function is called. */
  onInterrupt(callback: () => void): () => void;
}

/** The process that this is. */
export const processIo: Io = {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  now: () => Date.now(),
  pause: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => undefined),
  fetch: (...request) => fetch(...request),
  browse: async (address) => (await import('open')).default(address),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  onInterrupt(callback) {
    process.on('SIGINT', callback);
    return () => process.off('SIGINT', callback);
  },
};

/** Ctrl-C and the end of the input are no answer. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve) => {
      terminal.once('close', () => resolve(''));
      terminal.question(question).then(resolve, () => resolve(''));
    });
  } finally {
    terminal.close();
  }
}
