import type { DeploymentSummary } from '../contract.ts';
import { paintOf } from './deployment.ts';
import { brieflyLeft } from './left.ts';
import type { Style } from './style.ts';
import type { Cell } from './table.ts';
import { ago } from './words.ts';

/** `FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago`. */
export function describeLatest(
  { status, error, left, startedAt, endedAt }: DeploymentSummary,
  now: number,
  style: Style,
): Cell {
  const isBad = status !== 'SUCCEEDED' && status !== 'RUNNING';
  const what = [
    [status, ...(isBad && error !== undefined ? [error] : [])].join(' '),
    ...(isBad && status !== 'SUPERSEDED' && left !== undefined ? [brieflyLeft(left)] : []),
    ago(endedAt ?? startedAt, now),
  ];
  return { text: what.join(', '), paint: paintOf(status, style) };
}
