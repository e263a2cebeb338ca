import type { Step } from '../contract.ts';
import { renderHeading } from './deployment.ts';
import { eventsSince, type Snapshot } from './progress.ts';
import { renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { tellFailedTasks, tellTasks } from './tasks.ts';

/** What is new since the snapshot before, as lines that stay: for a log, where nothing is drawn over. */
export function renderNews(
  before: Snapshot | undefined,
  { deployment, service }: Snapshot,
  now: number,
  style: Style,
): string[] {
  const { startedAt } = deployment;
  const heading = before === undefined ? [renderHeading(deployment, now, style)] : [];
  const lines = [
    ...fresh(stepLines(before?.deployment.steps ?? [], style), stepLines(deployment.steps, style)),
    ...fresh(taskLines(before?.service), taskLines(service)),
    ...fresh(failedLines(before, style), failedLines({ deployment, service }, style)),
    ...fresh(
      before === undefined ? [] : eventsSince(before.service, startedAt),
      eventsSince(service, startedAt),
    ),
  ];
  return [...heading, ...lines.map((line) => `  ${line}`)];
}

/** A state has a line when it is entered and one when it is left. */
export function stepLines(steps: Step[], style: Style): string[] {
  return steps.flatMap((step) => [
    `… ${step.state}`,
    ...(step.endedAt === null ? [] : renderSteps([step], { now: 0, mark: '' }, style)),
  ]);
}

const taskLines = (service: Snapshot['service'] | undefined) =>
  tellTasks(service?.running ?? { deployments: [] });

const failedLines = (snapshot: Snapshot | undefined, style: Style) =>
  tellFailedTasks(snapshot?.service.running ?? {}, snapshot?.deployment.startedAt ?? '').map((line) =>
    style.red(line),
  );

/** The lines that were not there, counting those that are there twice (a state that a redrive entered again). */
export function fresh(before: string[], after: string[]): string[] {
  const seen = new Map<string, number>();
  for (const line of before) seen.set(line, (seen.get(line) ?? 0) + 1);
  return after.filter((line) => {
    const count = seen.get(line) ?? 0;
    seen.set(line, count - 1);
    return count <= 0;
  });
}
