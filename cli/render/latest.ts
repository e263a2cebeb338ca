import type { DeploymentSummary } from '#cli/client/contract.ts';
import { paintOf } from './deployment.ts';
import { formatAgo } from './format.ts';
import { summarizeServiceOutcome } from './service-outcome.ts';
import type { Style } from './style.ts';
import type { Cell } from './table.ts';

/** The error of one that was stopped repeats its status. */
export const errorsToShow = ({ status, error }: Pick<DeploymentSummary, 'status' | 'error'>): string[] =>
  error === undefined || (status !== 'FAILED' && status !== 'SUPERSEDED') ? [] : [error];

/** `FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago`. */
export function describeLatest(
  { status, error, serviceOutcome, startedAt, endedAt }: DeploymentSummary,
  now: number,
  style: Style,
): Cell {
  const isBad = status !== 'SUCCEEDED' && status !== 'RUNNING';
  const what = [
    [status, ...(isBad ? errorsToShow({ status, error }) : [])].join(' '),
    ...(isBad && status !== 'SUPERSEDED' && serviceOutcome !== undefined
      ? [summarizeServiceOutcome(serviceOutcome)]
      : []),
    formatAgo(endedAt ?? startedAt, now),
  ];
  return { text: what.join(', '), paint: paintOf(status, style) };
}
