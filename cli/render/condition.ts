import type { Service } from '#cli/client/contract.ts';
import { formatBetween, formatMoment, pluralize, revisionOf } from './format.ts';
import type { Style } from './style.ts';
import type { Cell } from './table.ts';

type Running = NonNullable<Service['running']>;

/** A task that failed so long ago is history; the last of a crash loop is younger. In milliseconds. */
const RECENT = 5 * 60_000;

/** In a few words: who deploys, else what is wrong, else whether it is frozen, else that all is well. */
export function renderCondition(service: Service, now: number, style: Style): Cell {
  const { claim, freeze } = service;
  if (claim !== null) return { text: `deploying ${claim.deployment}`, paint: style.cyan };
  const wrong = problemsOf(service, now);
  const paint = wrong.length > 0 ? style.red : style.yellow;
  if (freeze !== null) return { text: [...wrong, describeFrozen(freeze)].join('; '), paint };
  return wrong.length > 0 ? { text: wrong.join('; '), paint } : 'ready';
}

function describeFrozen({ until, reason }: NonNullable<Service['freeze']>): string {
  return `frozen${until === null ? '' : ` until ${formatMoment(until)}`}: ${reason}`;
}

/** What is not as it should be with a service that nobody deploys. GET /services says nothing of targets and tasks. */
export function problemsOf({ running, lastKnownGood }: Service, now: number): string[] {
  if (running === null) return lastKnownGood === null ? [] : ['gone from its cluster'];
  return [
    ...describeFailing(running, now),
    ...describeUnhealthy(running),
    ...(lastKnownGood === null || lastKnownGood.taskDefinition === running.taskDefinition
      ? []
      : [`not the last known good (${revisionOf(lastKnownGood.taskDefinition)})`]),
  ];
}

function describeFailing({ deployments, failedTasks = [], taskDefinition }: Running, now: number): string[] {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (primary?.rolloutState === 'FAILED') return ['failing: ECS gave its rollout up'];
  if (primary !== undefined && primary.failedTasks > 0)
    return [`failing: ${pluralize(primary.failedTasks, 'task')} failed`];
  const [last] = failedTasks.filter((each) => each.taskDefinition === taskDefinition);
  if (last === undefined) return [];
  if (last.stoppedAt === null) return ['failing: a task failed just now'];
  if (now - Date.parse(last.stoppedAt) > RECENT) return [];
  return [`failing: a task failed ${formatBetween(last.stoppedAt, now)} ago`];
}

function describeUnhealthy({ deployments, desiredCount, targets }: Running): string[] {
  const running = sumOf(deployments.map(({ runningCount }) => runningCount));
  if (running < desiredCount) return [`unhealthy: ${running} of ${pluralize(desiredCount, 'task')} run`];
  if (targets) {
    const bad = targets.unhealthy;
    return bad === 0 ? [] : [`unhealthy: ${bad} of ${pluralize(sumOf(Object.values(targets)), 'target')}`];
  }
  // Without a load balancer by the word of the containers' health checks, where there are any.
  const counts = deployments.map(({ healthyCount }) => healthyCount);
  const healthy = sumOf(counts.filter((count) => typeof count === 'number'));
  if (counts.some((count) => typeof count !== 'number') || healthy >= desiredCount) return [];
  return [`unhealthy: ${healthy} of ${pluralize(desiredCount, 'task')} healthy`];
}

const sumOf = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
