import type { Step } from '#cli/client/contract.ts';
import { renderHeading } from './deployment.ts';
import { eventsSince, isOthers, isRollout, type Snapshot, waitingFor } from './progress.ts';
import { renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { tellFailedTasks, tellTasks } from './tasks.ts';
import { clock } from './words.ts';

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
  const stamped = (line: string) => `${clock(now)}  ${line}`;
  const newOf = (linesOf: (each: Snapshot) => string[]) =>
    fresh(before === undefined ? [] : linesOf(before), linesOf(snapshot));
  /** Of the service, while it is this deployment that works on it. */
  const newOfIts = (linesOf: (running: Running, each: Snapshot) => string[]) =>
    newOf((each) =>
      each.service.running === null || isOthers(each) ? [] : linesOf(each.service.running, each),
    );
  return [
    ...(before === undefined ? [stamped(renderHeading(deployment, now, style))] : []),
    ...newOf(waitingFor).map(stamped),
    ...newOf((each) => stepLines(each.deployment.steps, style)),
    ...newOfIts((running, each) => tellTasks(running, isRollout(each.deployment))).map(stamped),
    ...newOfIts((running) => tellFailedTasks(running, deployment.startedAt, now)).map(style.red),
    ...newOfIts((running) => eventsSince(running, deployment.startedAt)),
  ];
}

type Running = NonNullable<Snapshot['service']['running']>;

/** A state has a line when it is entered and one when it is left. */
export const stepLines = (steps: Step[], style: Style): string[] =>
  steps.flatMap((step) => {
    const { state, startedAt, endedAt } = step;
    const entered = `${clock(startedAt)}  … ${state}`;
    if (endedAt === null) return [entered];
    const left = renderSteps([step], { now: 0, mark: '' }, style);
    return [entered, ...left.map((line) => `${clock(endedAt)}  ${line}`)];
  });

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
