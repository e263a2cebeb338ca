import { format } from 'node:util';

const LEVELS = {
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/**
 * Sends what the function prints to the log. As in the Node.js runtime, console.* makes one event a call,
 * `time TAB requestId TAB LEVEL TAB message`; what is written to stdout and stderr makes one event a line.
 */
export function captureOutput(write: (message: string) => void, requestId: () => string | undefined): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method as keyof typeof LEVELS] = (...values: unknown[]) => {
      write([new Date().toISOString(), requestId() ?? 'undefined', level, format(...values)].join('\t'));
    };
  }
  for (const stream of [process.stdout, process.stderr]) captureStream(stream, write);
}

function captureStream(stream: NodeJS.WriteStream, write: (message: string) => void): void {
  let rest = '';
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
    const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))).split(
      '\n',
    );
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') write(line);
    const written = more.at(-1);
    if (typeof written === 'function') queueMicrotask(() => written());
    return true;
  };
}
