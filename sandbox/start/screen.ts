import { renderStep, type Step } from './steps.ts';
import type { Terminal } from './terminal.ts';

/** A terminal on which several things can be shown at once, each under a heading of its own. */
export interface Screen extends Terminal {
  /** Writes the heading. */
  section(title: string): Section;
}

/** A build, or one run of a deployment. */
export interface Section {
  /** Writes the steps that are over and not written yet. The one that is running is written only where nobody watches. */
  show(steps: Step[]): void;
  /** There is nothing more to come. */
  close(): void;
}

/**
 * What is running stands on the terminal's last line; `idle` does where nothing is. A line of another section than the
 * one before it is written under its heading again, as a second push may be built while the first is deployed.
 */
export function createScreen(terminal: Terminal, idle = ''): Screen {
  const running = new Map<string, Step>();
  let current: string | undefined;

  function head(title: string, suffix = ''): void {
    if (current !== title) terminal.print(`\n${title}${suffix}`);
    current = title;
  }

  function showRunning(): void {
    const steps = [...running];
    const [only] = steps;
    if (only === undefined) terminal.status(idle);
    else if (steps.length === 1) terminal.status(renderStep(only[1]));
    else terminal.status(`  … ${steps.map(([title, { name }]) => `${name} (${title})`).join(', ')}`);
  }

  return {
    isLive: terminal.isLive,
    status: terminal.status,
    print(text) {
      current = undefined;
      terminal.print(text);
    },
    section(title) {
      let written = 0;
      let begun = 0;
      const write = (line: string) => {
        head(title, ', continued');
        terminal.print(line);
      };
      head(title);
      return {
        show(steps) {
          const over = steps.filter(({ seconds }) => seconds !== undefined);
          for (const step of over.slice(written)) {
            write(renderStep(step));
            written += 1;
          }
          const [now] = steps.slice(over.length);
          if (now === undefined) running.delete(title);
          else running.set(title, now);
          if (now !== undefined && !terminal.isLive && steps.length > begun) {
            write(renderStep(now));
            begun = steps.length;
          }
          showRunning();
        },
        close() {
          running.delete(title);
          showRunning();
        },
      };
    },
  };
}
