/** Where lines go; on a real terminal the last one may be written over. */
export interface Terminal {
  print(text: string): void;
  /** What is going on now: stands until the next line. Not written where the output is a file or a pipe. */
  status(line: string): void;
}

/** Back to the start of the line, and everything after it away (ECMA-48, EL). */
const CLEAR_LINE = '\r\x1b[K';

export function createTerminal(out: { isTTY?: boolean; write(text: string): unknown }): Terminal {
  let standing = '';
  return {
    print(text) {
      out.write(`${standing && CLEAR_LINE}${text}\n`);
      standing = '';
    },
    status(line) {
      if (!out.isTTY || line === standing) return;
      out.write(`${standing && CLEAR_LINE}${line}`);
      standing = line;
    },
  };
}
