import type { DeploymentSummary } from '../contract.ts';
import { describeRelease, describeTrigger, paintOf } from './deployment.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';
import { between, moment, revision } from './words.ts';

/** The deployments of a service, one to a line, in the order in which they are given. */
export function renderHistory(deployments: DeploymentSummary[], now: number, style: Style): string {
  if (deployments.length === 0) return 'Nothing has been deployed yet.\n';
  const heading = ['DEPLOYMENT', 'STATUS', 'RELEASE', 'TRIGGER', 'STARTED', 'TOOK', ''].map((text) => ({
    text,
    paint: style.dim,
  }));
  return `${table([heading, ...deployments.map((each) => row(each, now, style))]).join('\n')}\n`;
}

function row(deployment: DeploymentSummary, now: number, style: Style): Cell[] {
  const { deployment: name, status, trigger, startedAt, endedAt, taskDefinition, error } = deployment;
  return [
    { text: name, paint: style.bold },
    { text: status, paint: paintOf(status, style) },
    describeRelease(deployment),
    describeTrigger(trigger),
    moment(startedAt),
    between(startedAt, endedAt ?? now),
    error ?? (taskDefinition === undefined ? '' : revision(taskDefinition)),
  ];
}
