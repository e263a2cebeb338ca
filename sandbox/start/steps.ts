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
