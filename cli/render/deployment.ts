import type { Deployment, DeploymentSummary } from '../contract.ts';
import type { Paint, Style } from './style.ts';
import { between, person, shortCommit, shortDigest } from './words.ts';

/** `webapp-0123456789ab-3  push by Jane  commit 0123456  12 s` */
export function renderHeading(deployment: DeploymentSummary, now: number, style: Style): string {
  const { deployment: name, trigger, redriveCount, startedAt, endedAt } = deployment;
  const parts = [
    style.bold(name),
    describeTrigger(trigger),
    describeRelease(deployment),
    ...(redriveCount > 0 ? [`redriven ${redriveCount === 1 ? 'once' : `${redriveCount} times`}`] : []),
    style.dim(between(startedAt, endedAt ?? now)),
  ];
  return parts.join('  ');
}

export const describeTrigger = ({ kind, by }: Deployment['trigger']) =>
  by === undefined ? kind : `${kind} by ${person(by)}`;

export const describeRelease = ({ commit, digest }: Pick<Deployment, 'commit' | 'digest'>) =>
  commit === undefined ? shortDigest(digest) : `commit ${shortCommit(commit)}`;

export function paintOf(status: Deployment['status'], style: Style): Paint {
  if (status === 'SUCCEEDED') return style.green;
  if (status === 'RUNNING') return style.cyan;
  return status === 'SUPERSEDED' ? style.yellow : style.red;
}
