import type { Service } from '#cli/client/contract.ts';
import { problemsOf } from './condition.ts';
import { sizeOf } from './fit.ts';
import { formatBetween, formatMoment, personOf, revisionOf, shortenCommit } from './format.ts';
import { describeLatest } from './latest.ts';
import { eventsSince } from './progress.ts';
import type { Style } from './style.ts';
import { type Cell, indent, renderTable } from './table.ts';
import { describeFailedTasks, describeRunning, renderTasks } from './tasks.ts';

/** One service: what runs, who deploys, who waits, whether it is frozen, and what ECS said last. */
export function renderService(
  service: Service,
  tick: { now: number; columns?: number | undefined },
  style: Style,
): string {
  const { running } = service;
  const { now } = tick;
  const { columns } = sizeOf(tick);
  const events = eventsSince(running, '');
  const sections = [
    [`${style.bold(service.service)}  ${style.dim(`${service.ecsService} on ${service.cluster}`)}`],
    indent(renderTable(factsOf(service, now, style))),
    indent(running === null ? [] : renderTasks(running, { columns, isRollout: false }, style)),
    indent(running === null ? [] : describeFailedTasks(running, '', now).map(style.red)),
    indent(events.map((line) => style.dim(line))),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function factsOf(service: Service, now: number, style: Style): Cell[][] {
  const { running, lastKnownGood, latest, claim, waiter, freeze } = service;
  return [
    ['runs', running === null ? 'nothing' : describeRunning(running)],
    ...stateOf(service, now, style),
    ['good', lastKnownGood === null ? 'no release has gone live yet' : liveOf(lastKnownGood, now)],
    ...(latest === null || latest.status === 'RUNNING' ? [] : [['last', latestOf(latest, now, style)]]),
    ...(claim === null ? [] : [['deploying', holderOf(claim, now, style.cyan)]]),
    ...(waiter === null ? [] : [['waiting', holderOf(waiter, now, style.yellow)]]),
    ...(freeze === null ? [] : [['frozen', { text: describeFreeze(freeze), paint: style.yellow }]]),
  ];
}

/** Who deploys, and a freeze, have lines of their own. */
function stateOf(service: Service, now: number, style: Style): Cell[][] {
  if (service.claim !== null) return [];
  const wrong = problemsOf(service, now);
  if (wrong.length > 0) return [['state', { text: wrong.join('; '), paint: style.red }]];
  return service.freeze === null ? [['state', 'ready']] : [];
}

function latestOf(latest: NonNullable<Service['latest']>, now: number, style: Style): Cell {
  const end = describeLatest(latest, now, style);
  return typeof end === 'string' ? end : { ...end, text: `${latest.deployment} ${end.text}` };
}

function liveOf(
  { deployment, taskDefinition, commit, at }: NonNullable<Service['lastKnownGood']>,
  now: number,
) {
  const what = commit === undefined ? '' : `, commit ${shortenCommit(commit)}`;
  return `${deployment}${what}, as ${revisionOf(taskDefinition)} for ${formatBetween(at, now)}`;
}

const holderOf = (
  { deployment, since }: NonNullable<Service['claim']>,
  now: number,
  paint: Style['cyan'],
): Cell => ({
  text: `${deployment}, for ${formatBetween(since, now)}`,
  paint,
});

export const describeFreeze = ({ reason, requestedBy, until }: NonNullable<Service['freeze']>) =>
  `${until === null ? 'until it is lifted' : `until ${formatMoment(until)}`}, by ${personOf(requestedBy)}: ${reason}`;
