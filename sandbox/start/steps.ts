/** One step of a build or of a deployment: a line on the terminal. */
export interface Step {
  name: string;
  /** What it took; undefined while it is running. */
  seconds?: number;
  /** How often it looked, where it looked more than once. */
  looks?: number;
  /** What it failed with. */
  failure?: string;
}

export function renderStep({ name, seconds, looks, failure }: Step): string {
  if (seconds === undefined) return `  … ${name}`;
  const mark = failure === undefined ? '✓' : '✗';
  const after = [failure, looks === undefined ? undefined : `${looks} looks`].filter(Boolean).join(', ');
  return `  ${mark} ${name.padEnd(24)}${seconds.toFixed(1).padStart(6)} s${after && `  ${after}`}`;
}

/** Shows steps as they come: each once it is over, and the one that is running on the terminal's last line. */
export function createStepView(terminal: { print(line: string): void; status(line: string): void }) {
  let shown = 0;
  return {
    show(steps: Step[]): void {
      const over = steps.filter(({ seconds }) => seconds !== undefined);
      for (const step of over.slice(shown)) terminal.print(renderStep(step));
      shown = over.length;
      const running = steps.find(({ seconds }) => seconds === undefined);
      if (running !== undefined) terminal.status(renderStep(running));
    },
  };
}
