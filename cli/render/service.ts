import type { Service } from '../contract.ts';
import { eventsSince } from './progress.ts';
import type { Style } from './style.ts';
import { type Cell, indent, table } from './table.ts';
import { countTasks, renderTasks, tellFailedTasks } from './tasks.ts';
import { ago, between, moment, person, revision, shortCommit } from './words.ts';

/** One service: what runs, who deploys, who waits, whether it is frozen, and what ECS said last. */
export function renderService(
  service: Service,
  { now, columns }: { now: number; columns?: number | undefined },
  style: Style,
): string {
  const { running } = service;
  const events = eventsSince(service, '');
  const sections = [
    [`${style.bold(service.service)}  ${style.dim(`${service.ecsService} on ${service.cluster}`)}`],
    indent(table(facts(service, now, style))),
    indent(running === null ? [] : renderTasks(running, { columns }, style)),
    indent(running === null ? [] : tellFailedTasks(running, '').map(style.red)),
    indent(events.map((line) => style.dim(line))),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function facts(
  { running, lastKnownGood, claim, waiter, freeze }: Service,
  now: number,
  style: Style,
): Cell[][] {
  return [
    ['runs', running === null ? 'nothing yet' : runningOf(running)],
    ['live', lastKnownGood === null ? 'no release has gone live yet' : liveOf(lastKnownGood, now)],
    ...(claim === null ? [] : [['deploying', holderOf(claim, now, style.cyan)]]),
    ...(waiter === null ? [] : [['waiting', holderOf(waiter, now, style.yellow)]]),
    ...(freeze === null ? [] : [['frozen', { text: describeFreeze(freeze), paint: style.yellow }]]),
  ];
}

const runningOf = ({ taskDefinition, runningCount, desiredCount }: NonNullable<Service['running']>) =>
  `${revision(taskDefinition)}, ${countTasks(runningCount, desiredCount)}`;

function liveOf(
  { deployment, taskDefinition, commit, at }: NonNullable<Service['lastKnownGood']>,
  now: number,
) {
  const what = commit === undefined ? '' : `, commit ${shortCommit(commit)}`;
  return `${deployment}${what}, as ${revision(taskDefinition)} since ${ago(at, now)}`;
}

const holderOf = (
  { deployment, since }: NonNullable<Service['claim']>,
  now: number,
  paint: Style['cyan'],
): Cell => ({
  text: `${deployment}, for ${between(since, now)}`,
  paint,
});

export const describeFreeze = ({ reason, by, until }: NonNullable<Service['freeze']>) =>
  `${until === null ? 'until it is lifted' : `until ${moment(until)}`}, by ${person(by)}: ${reason}`;
