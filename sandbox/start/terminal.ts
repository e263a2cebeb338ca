/** Where lines go; on a real terminal the last one may be written over. */
export interface Terminal {
  /** Whether somebody watches it: a terminal, and no file or pipe. */
  isLive: boolean;
  print(text: string): void;
  /** What is going on now: stands until the next line. Not written where nobody watches. */
  status(line: string): void;
}

/** Back to the start of the line, and everything after it away (ECMA-48, EL). */
const CLEAR_LINE = '\r\x1b[K';

export function createTerminal(out: { isTTY?: boolean; write(text: string): unknown }): Terminal {
  const isLive = out.isTTY === true;
  let standing = '';
  return {
    isLive,
    print(text) {
      out.write(`${standing && CLEAR_LINE}${text}\n`);
      standing = '';
    },
    status(line) {
      if (!isLive || line === standing) return;
      out.write(`${standing && CLEAR_LINE}${line}`);
      standing = line;
    },
  };
}
