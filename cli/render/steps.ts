import type { Step } from '#cli/client/contract.ts';
import { padToWidth } from './fit.ts';
import { formatBetween, pluralize } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** A state to a line: how it went, how long it took, and what was unusual. `mark` stands before the one that runs. */
export function renderSteps(
  steps: Step[],
  { now, mark }: { now: number; mark: string },
  style: Style,
): string[] {
  return renderTable(steps.map((step) => renderRow(step, now, mark, style)));
}

/** The runs of a deployment: a redrive enters the state again in which the run before it ended. */
function runsOf(steps: Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const [index, step] of steps.entries())
    if (index === 0 || steps[index - 1]?.state === step.state) runs.push([step]);
    else runs.at(-1)?.push(step);
  return runs;
}

/** The same with one line for each run that a redrive has followed. */
export function foldFormerRuns(steps: Step[]): Step[] {
  const runs = runsOf(steps);
  return [
    ...runs.slice(0, -1).flatMap((run, index) => foldSteps(run, `run ${index + 1}`)),
    ...(runs.at(-1) ?? []),
  ];
}

/** The same with the last run's states that are over in one line, too. */
export function foldEndedStates(steps: Step[]): Step[] {
  const runs = runsOf(steps);
  const last = runs.at(-1) ?? [];
  const over = last.filter(({ endedAt }) => endedAt !== null);
  const former = runs.slice(0, -1).flatMap((run, index) => foldSteps(run, `run ${index + 1}`));
  return [
    ...former.slice(-1),
    ...foldSteps(over, 'this run'),
    ...last.filter(({ endedAt }) => endedAt === null),
  ];
}

/** Several states as if they were one. */
function foldSteps(steps: Step[], of: string): Step[] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  const failed = steps.find(({ error }) => error !== undefined);
  return [
    {
      state: `${pluralize(steps.length, 'state')} of ${of}`,
      startedAt: first.startedAt,
      endedAt: last.endedAt,
      attempts: 1,
      error: failed && `${failed.error} in ${failed.state}`,
    },
  ];
}

function renderRow(
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
    padToWidth(state, 22),
    formatBetween(startedAt, endedAt ?? now).padStart(12),
    error === undefined ? unusual : { text: unusual, paint: style.red },
  ];
}

function markOf({ endedAt, error }: Pick<Step, 'endedAt' | 'error'>, mark: string, style: Style): Cell {
  // A state that is tried again has its last error still.
  if (endedAt === null) return { text: mark, paint: style.cyan };
  return error === undefined ? { text: '✓', paint: style.green } : { text: '✗', paint: style.red };
}
