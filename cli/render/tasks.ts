import type { EcsDeployment } from '../contract.ts';
import type { Style } from './style.ts';
import { type Cell, table } from './table.ts';
import { plural, revision } from './words.ts';

const WIDTH = 20;

/** The tasks of each ECS deployment, the newest first: a bar of what runs and what is on its way, and the numbers. */
export function renderTasks(deployments: EcsDeployment[], style: Style): string[] {
  return table(deployments.map((each) => row(each, style)));
}

function row(each: EcsDeployment, style: Style): Cell[] {
  const { status, taskDefinition, failedTasks, rolloutState } = each;
  const isNew = status === 'PRIMARY';
  const numbers = [
    `${each.runningCount}/${each.desiredCount} running`,
    ...(each.pendingCount > 0 ? [`${each.pendingCount} pending`] : []),
    ...(failedTasks > 0 ? [`${failedTasks} failed`] : []),
    ...(rolloutState === 'FAILED' ? [`rollout failed: ${each.rolloutStateReason ?? 'no reason given'}`] : []),
  ].join(', ');
  const isBad = failedTasks > 0 || rolloutState === 'FAILED';
  return [
    isNew ? 'new' : 'old',
    revision(taskDefinition),
    { text: bar(each), paint: isNew ? style.green : style.dim },
    isBad ? { text: numbers, paint: style.red } : numbers,
  ];
}

/** `████▒▒▒▒░░░░`: running, pending, missing. An old deployment that drains has more running than desired. */
function bar({ runningCount, pendingCount, desiredCount }: EcsDeployment): string {
  const whole = Math.max(desiredCount, runningCount + pendingCount, 1);
  const running = Math.round((runningCount / whole) * WIDTH);
  const pending = Math.min(WIDTH - running, Math.round((pendingCount / whole) * WIDTH));
  return '█'.repeat(running) + '▒'.repeat(pending) + '░'.repeat(WIDTH - running - pending);
}

export const countTasks = (running: number, desired: number) => `${running} of ${plural(desired, 'task')}`;
