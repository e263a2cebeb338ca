import type { Deployment, Service } from '#cli/client/contract.ts';
import { renderHeading } from './deployment.ts';
import { cutToWidth, sizeOf, stackSections, type Tick } from './fit.ts';
import { formatClock } from './format.ts';
import { foldEndedStates, foldFormerRuns, renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';
import { describeFailedTasks, renderTasks } from './tasks.ts';

/** What is known of a deployment under way at one moment. */
export interface Snapshot {
  deployment: Deployment;
  service: Service;
}

/** How much of a picture is shown. */
interface Detail {
  /** So many of the latest. */
  events: number;
  failed: number;
  fold: (steps: Deployment['steps']) => Deployment['steps'];
}

/** From all to what cannot be left out: the heading, the state that runs and the bars of the tasks. */
const DETAILS: Detail[] = [
  { events: 4, failed: 5, fold: (steps) => steps },
  { events: 4, failed: 5, fold: foldFormerRuns },
  { events: 2, failed: 2, fold: foldFormerRuns },
  { events: 0, failed: 1, fold: foldFormerRuns },
  { events: 0, failed: 1, fold: foldEndedStates },
  { events: 0, failed: 0, fold: foldEndedStates },
];

/** The picture of a deployment, to be drawn over the one before: as much of it as there is room for. */
export function renderProgress(snapshot: Snapshot, tick: Tick, style: Style): string {
  const { columns, rows } = sizeOf(tick);
  // The cursor stands on a line of its own, below.
  const room = rows - 1;
  let lines: string[] = [];
  for (const detail of DETAILS) {
    lines = compose(snapshot, { ...tick, columns }, detail, style);
    if (lines.length <= room) break;
  }
  return lines
    .slice(0, room)
    .map((line) => cutToWidth(line, columns))
    .join('\n');
}

function compose(
  { deployment, service }: Snapshot,
  tick: Tick & { columns: number },
  { events, failed, fold }: Detail,
  style: Style,
): string[] {
  const { now, columns } = tick;
  const { startedAt } = deployment;
  const running = isAnothers({ deployment, service }) ? null : service.running;
  const latest = (lines: string[], most: number) => (most === 0 ? [] : lines.slice(-most));
  return stackSections([
    [renderHeading(deployment, now, style, columns)],
    indent(describeWait({ deployment, service }).map(style.yellow)),
    indent(renderSteps(fold(deployment.steps), tick, style)),
    indent(
      running === null ? [] : renderTasks(running, { columns, isRollout: isRollout(deployment) }, style),
    ),
    indent(
      running === null ? [] : latest(describeFailedTasks(running, startedAt, now), failed).map(style.red),
    ),
    indent(latest(eventsSince(running, startedAt), events).map((line) => style.dim(line))),
  ]);
}

/** Whether what ECS put on top last is this deployment's: its service has been updated, and nothing leads it back. */
export function isRollout({ steps }: Pick<Deployment, 'steps'>): boolean {
  const lastOf = (name: string) =>
    steps.findLastIndex(
      ({ state, endedAt, error }) => state === name && endedAt !== null && error === undefined,
    );
  return lastOf('UpdateService') > lastOf('RollBackService');
}

/** What ECS said of the service since then, oldest first. */
export const eventsSince = (running: Service['running'], since: string): string[] =>
  (running?.events ?? [])
    .filter(({ at }) => at >= since)
    .toReversed()
    .map(({ at, message }) => `${formatClock(at)}  ${message}`);

/** What runs, and fails, is the work of the deployment that holds the claim, not of one that waits or is over. */
export const isAnothers = ({ deployment, service: { claim } }: Snapshot) =>
  claim !== null && claim.deployment !== deployment.deployment;

export function describeWait({ deployment, service: { waiter, claim } }: Snapshot): string[] {
  if (waiter?.deployment !== deployment.deployment || claim === null) return [];
  return [`waits for ${claim.deployment} to end`];
}
