import type { Step } from '#cli/client/contract.ts';
import { renderHeading } from './deployment.ts';
import { formatClock } from './format.ts';
import { describeWait, eventsSince, isAnothers, isRollout, type Snapshot } from './progress.ts';
import { renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { describeFailedTasks, describeTasks } from './tasks.ts';

/**
 * What is new since the snapshot before, as lines that stay: for a log, where nothing is drawn over. Each begins with the
 * time at which it happened, or at which it was seen where nobody says when it happened.
 */
export function renderNews(
  before: Snapshot | undefined,
  snapshot: Snapshot,
  now: number,
  style: Style,
): string[] {
  const { deployment } = snapshot;
  const stamped = (line: string) => `${formatClock(now)}  ${line}`;
  const newOf = (linesOf: (each: Snapshot) => string[]) =>
    findNewLines(before === undefined ? [] : linesOf(before), linesOf(snapshot));
  /** Of the service, while it is this deployment that works on it. */
  const newOfIts = (linesOf: (running: Running, each: Snapshot) => string[]) =>
    newOf((each) =>
      each.service.running === null || isAnothers(each) ? [] : linesOf(each.service.running, each),
    );
  return [
    ...(before === undefined ? [stamped(renderHeading(deployment, now, style))] : []),
    ...newOf(describeWait).map(stamped),
    ...newOf((each) => renderStepChanges(each.deployment.steps, style)),
    ...newOfIts((running, each) => describeTasks(running, isRollout(each.deployment))).map(stamped),
    ...newOfIts((running) => describeFailedTasks(running, deployment.startedAt, now)).map(style.red),
    ...newOfIts((running) => eventsSince(running, deployment.startedAt)),
  ];
}

type Running = NonNullable<Snapshot['service']['running']>;

/** A state has a line when it is entered and one when it is left. */
export const renderStepChanges = (steps: Step[], style: Style): string[] =>
  steps.flatMap((step) => {
    const { state, startedAt, endedAt } = step;
    const entered = `${formatClock(startedAt)}  … ${state}`;
    if (endedAt === null) return [entered];
    const leaving = renderSteps([step], { now: 0, mark: '' }, style);
    return [entered, ...leaving.map((line) => `${formatClock(endedAt)}  ${line}`)];
  });

/** The lines that were not there, counting those that are there twice (a state that a redrive entered again). */
export function findNewLines(before: string[], after: string[]): string[] {
  const seen = new Map<string, number>();
  for (const line of before) seen.set(line, (seen.get(line) ?? 0) + 1);
  return after.filter((line) => {
    const count = seen.get(line) ?? 0;
    seen.set(line, count - 1);
    return count <= 0;
  });
}
