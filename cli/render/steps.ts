import type { Step } from '../contract.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';
import { between } from './words.ts';

/** A state to a line: how it went, how long it took, and what was unusual. `mark` stands before the one that runs. */
export function renderSteps(
  steps: Step[],
  { now, mark }: { now: number; mark: string },
  style: Style,
): string[] {
  return table(steps.map((step) => row(step, now, mark, style)));
}

function row(
  { state, startedAt, endedAt, attempts, looks, error }: Step,
  now: number,
  mark: string,
  style: Style,
): Cell[] {
  const unusual = [
    ...(error === undefined ? [] : [error]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(looks === undefined ? [] : [`${looks} looks`]),
  ].join(', ');
  return [
    markOf({ endedAt, error }, mark, style),
    // So wide is the longest name, RegisterTaskDefinition.
    state.padEnd(22),
    between(startedAt, endedAt ?? now).padStart(12),
    error === undefined ? unusual : { text: unusual, paint: style.red },
  ];
}

function markOf({ endedAt, error }: Pick<Step, 'endedAt' | 'error'>, mark: string, style: Style): Cell {
  // A state that is tried again has its last error still.
  if (endedAt === null) return { text: mark, paint: style.cyan };
  return error === undefined ? { text: '✓', paint: style.green } : { text: '✗', paint: style.red };
}
