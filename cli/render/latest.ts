import type { DeploymentSummary } from '#cli/client/contract.ts';
import { paintOf } from './deployment.ts';
import { brieflyLeft } from './left.ts';
import type { Style } from './style.ts';
import type { Cell } from './table.ts';
import { ago } from './words.ts';

/** The error of one that was stopped repeats its status. */
export const errorBeside = ({ status, error }: Pick<DeploymentSummary, 'status' | 'error'>): string[] =>
  error === undefined || (status !== 'FAILED' && status !== 'SUPERSEDED') ? [] : [error];

/** `FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago`. */
export function describeLatest(
  { status, error, left, startedAt, endedAt }: DeploymentSummary,
  now: number,
  style: Style,
): Cell {
  const isBad = status !== 'SUCCEEDED' && status !== 'RUNNING';
  const what = [
    [status, ...(isBad ? errorBeside({ status, error }) : [])].join(' '),
    ...(isBad && status !== 'SUPERSEDED' && left !== undefined ? [brieflyLeft(left)] : []),
    ago(endedAt ?? startedAt, now),
  ];
  return { text: what.join(', '), paint: paintOf(status, style) };
}
