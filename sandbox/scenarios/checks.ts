export interface Checks {
  /** Says whether something held. */
  hold(what: string, held: boolean): void;
  allHeld(): boolean;
}

export function createChecks(print: (line: string) => void): Checks {
  let failures = 0;
  return {
    hold(what, held) {
      if (!held) failures += 1;
      print(`  ${held ? '✓' : '✗'} ${what}`);
    },
    allHeld: () => failures === 0,
  };
}
