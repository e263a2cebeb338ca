import type { DeploymentSummary } from '#cli/client/contract.ts';
import { describeRelease, describeTrigger, paintOf, timeOf } from './deployment.ts';
import { formatMoment, revisionOf } from './format.ts';
import { errorsToShow } from './latest.ts';
import { summarizeServiceOutcome } from './service-outcome.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** The deployments of a service, one to a line, in the order in which they are given. */
export function renderHistory(deployments: DeploymentSummary[], now: number, style: Style): string {
  if (deployments.length === 0) return 'Nothing has been deployed yet.\n';
  const heading = ['DEPLOYMENT', 'STATUS', 'RELEASE', 'TRIGGER', 'STARTED', 'TOOK', ''].map((text) => ({
    text,
    paint: style.dim,
  }));
  return `${renderTable([heading, ...deployments.map((each) => renderRow(each, now, style))]).join('\n')}\n`;
}

function renderRow(deployment: DeploymentSummary, now: number, style: Style): Cell[] {
  const { deployment: name, status, trigger, startedAt } = deployment;
  return [
    { text: name, paint: style.bold },
    { text: statusOf(deployment), paint: paintOf(status, style) },
    describeRelease(deployment),
    describeTrigger(trigger),
    formatMoment(startedAt),
    timeOf(deployment, now),
    resultOf(deployment),
  ];
}

/** `SUCCEEDED ↻2` of one that was redriven twice. */
const statusOf = ({ status, redriveCount }: DeploymentSummary) =>
  redriveCount === 0 ? status : `${status} ↻${redriveCount}`;

/** `webapp:8`, or `RolloutCrashLoop, rolled back`. */
function resultOf({ status, taskDefinition, error, serviceOutcome }: DeploymentSummary): string {
  if (status === 'SUCCEEDED') return taskDefinition === undefined ? '' : revisionOf(taskDefinition);
  const isUntold = status === 'SUPERSEDED' || serviceOutcome === undefined;
  return [
    ...errorsToShow({ status, error }),
    ...(isUntold ? [] : [summarizeServiceOutcome(serviceOutcome)]),
  ].join(', ');
}
