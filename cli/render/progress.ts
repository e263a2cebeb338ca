import type { Deployment, Service } from '../contract.ts';
import { renderHeading } from './deployment.ts';
import { renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { renderTasks, tellFailedTasks } from './tasks.ts';
import { timeOfDay } from './words.ts';

/** What is known of a deployment under way at one moment. */
export interface Snapshot {
  deployment: Deployment;
  service: Service;
}

/** So many of the service's latest events are shown. */
const EVENTS = 4;

/** The whole picture of a deployment, to be drawn over the one before, so many columns wide. `mark` is the spinner's. */
export function renderProgress(
  { deployment, service }: Snapshot,
  { now, mark, columns }: { now: number; mark: string; columns?: number | undefined },
  style: Style,
): string {
  const { running } = service;
  const sections = [
    [renderHeading(deployment, now, style)],
    indent(renderSteps(deployment.steps, { now, mark }, style)),
    indent(running === null ? [] : renderTasks(running, { columns }, style)),
    indent(running === null ? [] : tellFailedTasks(running, deployment.startedAt).map(style.red)),
    indent(
      eventsSince(service, deployment.startedAt)
        .slice(-EVENTS)
        .map((line) => style.dim(line)),
    ),
    ...waitingFor({ deployment, service }),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** What ECS said of the service since then, oldest first. */
export const eventsSince = ({ running }: Service, since: string): string[] =>
  (running?.events ?? [])
    .filter(({ at }) => at >= since)
    .toReversed()
    .map(({ at, message }) => `${timeOfDay(at)}  ${message}`);

function waitingFor({ deployment, service: { waiter, claim } }: Snapshot): string[][] {
  if (waiter?.deployment !== deployment.deployment || claim === null) return [];
  return [[`  waits for ${claim.deployment} to end`]];
}
