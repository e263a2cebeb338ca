import type { EcsDeployment, FailedTask, Service } from '#cli/client/contract.ts';
import { type Part, renderBar, renderLegend } from './bar.ts';
import { widthOf } from './fit.ts';
import { formatClock, pluralize, revisionOf, shortenTask } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

type Running = NonNullable<Service['running']>;

/** A bar is as wide as this, or as narrow where the terminal is. */
const WIDTH = { most: 20, least: 8 };
const INDENT = 2;

const isPrimary = ({ status }: EcsDeployment) => status === 'PRIMARY';

/** "new" is what is being rolled out. ECS's newest deployment may as well be what runs and stays. */
const nameOf = (each: EcsDeployment, isRollout: boolean) =>
  isPrimary(each) ? (isRollout ? 'new' : 'now') : 'old';

/**
 * The tasks of each ECS deployment, the newest first: a bar of what is healthy, runs, starts and is missing, the numbers,
 * and under them what the bars are made of.
 */
export function renderTasks(
  { deployments }: Pick<Running, 'deployments'>,
  { columns, isRollout }: { columns: number; isRollout: boolean },
  style: Style,
): string[] {
  const bars = deployments.map(partsOf);
  const texts = deployments.map((each) => [revisionOf(each.taskDefinition), numbersOf(each)]);
  const beside = Math.max(0, ...texts.map(([name = '', numbers = '']) => widthOf(name) + widthOf(numbers)));
  // Three columns of two spaces between four, the first of which is "new", "now" or "old".
  const room = columns - INDENT - 'new'.length - 3 * 2 - beside;
  const width = Math.min(WIDTH.most, Math.max(WIDTH.least, room));
  const rows = deployments.map((each, index): Cell[] => [
    nameOf(each, isRollout),
    revisionOf(each.taskDefinition),
    { text: renderBar(bars[index] ?? [], width), paint: isPrimary(each) ? style.green : style.dim },
    isBad(each) ? { text: numbersOf(each), paint: style.red } : numbersOf(each),
  ]);
  const explained = renderLegend(bars);
  return [...renderTable(rows), ...(explained === '' ? [] : [style.dim(explained)])];
}

/** An old deployment that drains has more running than desired. */
function partsOf({ runningCount, pendingCount, desiredCount, healthyCount }: EcsDeployment): Part[] {
  const healthy = Math.min(healthyCount ?? 0, runningCount);
  return [
    { glyph: '█', count: healthy, meaning: 'healthy' },
    { glyph: '▓', count: runningCount - healthy, meaning: 'running' },
    { glyph: '▒', count: pendingCount, meaning: 'starting' },
    {
      glyph: '░',
      count: Math.max(0, desiredCount - runningCount - pendingCount),
      meaning: 'not there yet',
    },
  ];
}

const isBad = ({ failedTasks, rolloutState }: EcsDeployment) => failedTasks > 0 || rolloutState === 'FAILED';

const numbersOf = (each: EcsDeployment) =>
  [`${each.runningCount}/${each.desiredCount} running`, ...particularsOf(each)].join(', ');

function particularsOf(each: EcsDeployment): string[] {
  const { healthyCount, pendingCount, failedTasks, rolloutState, rolloutStateReason } = each;
  return [
    ...(typeof healthyCount === 'number' ? [`${healthyCount} healthy`] : []),
    ...(pendingCount > 0 ? [`${pendingCount} starting`] : []),
    ...(failedTasks > 0 ? [`${failedTasks} failed`] : []),
    ...(rolloutState === 'FAILED' ? [`rollout failed: ${rolloutStateReason ?? 'no reason given'}`] : []),
  ];
}

/** The same in a sentence each, for a log: `2 of 2 new tasks run (webapp:8), 1 healthy`. */
export const describeTasks = ({ deployments }: Pick<Running, 'deployments'>, isRollout: boolean): string[] =>
  deployments.map((each) => {
    const { desiredCount, runningCount, taskDefinition } = each;
    const who = isPrimary(each)
      ? `${runningCount} of ${pluralize(desiredCount, isRollout ? 'new task' : 'task')} ${desiredCount === 1 ? 'runs' : 'run'}`
      : `${pluralize(runningCount, 'old task')} ${runningCount === 1 ? 'runs' : 'run'}`;
    return [`${who} (${revisionOf(taskDefinition)})`, ...particularsOf(each)].join(', ');
  });

/** The tasks that have failed since then, oldest first, each with its reason. */
export const describeFailedTasks = (
  { failedTasks = [] }: Pick<Running, 'failedTasks'>,
  since: string,
  now: number,
): string[] =>
  failedTasks
    .filter(({ stoppedAt }) => stoppedAt === null || stoppedAt >= since)
    .toReversed()
    .map((each) => describeFailedTask(each, now));

function describeFailedTask({ taskArn, taskDefinition, stoppedAt, reason }: FailedTask, now: number): string {
  const whose = taskDefinition === null ? '' : ` of ${revisionOf(taskDefinition)}`;
  const who = `task ${shortenTask(taskArn)}${whose}`;
  return stoppedAt === null
    ? `${formatClock(now)}  ✗ ${who} stops: ${reason}`
    : `${formatClock(stoppedAt)}  ✗ ${who} stopped: ${reason}`;
}

/** What runs, each revision with its own count: `webapp:8 1/3, webapp:7 3/3`. One that has no task left is left out. */
export const describeRunning = ({ deployments }: Pick<Running, 'deployments'>): string =>
  deployments
    .filter((each) => isPrimary(each) || each.runningCount > 0)
    .map((each) => `${revisionOf(each.taskDefinition)} ${each.runningCount}/${each.desiredCount}`)
    .join(', ');
