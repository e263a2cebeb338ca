import type { Deployment, DeploymentSummary } from '#cli/client/contract.ts';
import { widthOf } from './fit.ts';
import { formatBetween, personOf, shortenCommit, shortenDigest } from './format.ts';
import type { Paint, Style } from './style.ts';

/**
 * `webapp-0123456789ab-3  push by Jane  commit 0123456  12 s`. On a narrow terminal who asked for it is left out, then
 * what it deploys, then the redrives.
 */
export function renderHeading(
  deployment: DeploymentSummary,
  now: number,
  style: Style,
  columns = Infinity,
): string {
  const { deployment: name, trigger } = deployment;
  const parts = [
    style.bold(name),
    describeTrigger(trigger),
    describeRelease(deployment),
    ...describeRedrives(deployment),
    style.dim(timeOf(deployment, now)),
  ];
  while (parts.length > 2 && widthOf(parts.join('  ')) > columns) parts.splice(1, 1);
  return parts.join('  ');
}

/** How long its last run took, or runs: what lies between an end and a redrive is nobody's time. */
export const timeOf = (
  { startedAt, redrivenAt, endedAt }: Pick<DeploymentSummary, 'startedAt' | 'redrivenAt' | 'endedAt'>,
  now: number,
) => formatBetween(redrivenAt ?? startedAt, endedAt ?? now);

/** `redriven once by Jane`, `redriven 3 times, last by Jane`; nothing of one that was not. */
function describeRedrives({ redriveCount, redriveRequestedBy }: DeploymentSummary): string[] {
  if (redriveCount === 0) return [];
  const times = `redriven ${redriveCount === 1 ? 'once' : `${redriveCount} times`}`;
  if (redriveRequestedBy === undefined) return [times];
  return [`${times}${redriveCount === 1 ? '' : ', last'} by ${personOf(redriveRequestedBy)}`];
}

export const describeTrigger = ({ kind, requestedBy }: Deployment['trigger']) =>
  requestedBy === undefined ? kind : `${kind} by ${personOf(requestedBy)}`;

export const describeRelease = ({ commit, digest }: Pick<Deployment, 'commit' | 'digest'>) =>
  commit === undefined ? shortenDigest(digest) : `commit ${shortenCommit(commit)}`;

export function paintOf(status: Deployment['status'], style: Style): Paint {
  if (status === 'SUCCEEDED') return style.green;
  if (status === 'RUNNING') return style.cyan;
  return status === 'SUPERSEDED' ? style.yellow : style.red;
}
