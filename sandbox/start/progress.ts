import type { Terminal } from './terminal.ts';

/** What a command does before there is anything to follow, each line with the seconds since it began. */
export interface Progress {
  /** What begins now. On a terminal it stands only until the next line. */
  begin(what: string): void;
  /** What has been done. */
  done(what: string): void;
}

export function createProgress(terminal: Terminal): Progress {
  const began = performance.now();
  const timed = (what: string) => `${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${what}`;
  return {
    begin: (what) => (terminal.isLive ? terminal.status : terminal.print)(`${timed(what)} …`),
    done: (what) => terminal.print(timed(what)),
  };
}
