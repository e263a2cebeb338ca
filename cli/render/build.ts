import type { Build, Step } from '#cli/client/contract.ts';
import { cutToWidth, sizeOf, stackSections, type Tick } from './fit.ts';
import { formatBetween, formatClock, personOf, shortenCommit } from './format.ts';
import { findNewLines, renderStepChanges } from './log.ts';
import { renderSteps } from './steps.ts';
import type { Style } from './style.ts';
import { indent } from './table.ts';

/** `landfall-dev-webapp:7d0c…  ref main by jane  commit 0123456  12 s` */
function renderHeading(
  { build, ref, commit, requestedBy, startedAt, endedAt }: Build,
  now: number,
  style: Style,
) {
  const asked = [
    ...(ref === undefined || ref === commit ? [] : [`ref ${ref}`]),
    ...(requestedBy === undefined ? [] : [`by ${personOf(requestedBy)}`]),
  ].join(' ');
  const parts = [
    style.bold(build),
    ...(asked === '' ? [] : [asked]),
    ...(commit === undefined ? [] : [`commit ${shortenCommit(commit)}`]),
    style.dim(formatBetween(startedAt, endedAt ?? now)),
  ];
  return parts.join('  ');
}

/** A phase is shown as a state of a deployment is, with what became of it where that is no success. */
const stepsOf = (build: Build | undefined): Step[] =>
  (build?.phases ?? []).map(({ phase, status, startedAt, endedAt }) => ({
    state: phase,
    startedAt,
    endedAt,
    attempts: 1,
    error: status === null || status === 'SUCCEEDED' ? undefined : status,
  }));

const isOnItsWay = ({ status, deployment }: Build) => status === 'SUCCEEDED' && deployment === null;

const ON_ITS_WAY = 'waits for its deployment to begin';

/** The whole picture of a build under way, to be drawn over the one before. */
export function renderBuild(build: Build, tick: Tick, style: Style): string {
  const sections = [
    [renderHeading(build, tick.now, style)],
    indent(renderSteps(stepsOf(build), tick, style)),
    isOnItsWay(build) ? indent([ON_ITS_WAY]) : [],
  ];
  const { columns, rows } = sizeOf(tick);
  return stackSections(sections)
    .slice(0, rows - 1)
    .map((line) => cutToWidth(line, columns))
    .join('\n');
}

/** What is new since the build was looked at before, as lines that stay. */
export function renderBuildNews(
  before: Build | undefined,
  build: Build,
  now: number,
  style: Style,
): string[] {
  const stamped = (line: string) => `${formatClock(now)}  ${line}`;
  const heading = before === undefined ? [renderHeading(build, now, style)] : [];
  const lines = findNewLines(
    renderStepChanges(stepsOf(before), style),
    renderStepChanges(stepsOf(build), style),
  );
  const wait = isOnItsWay(build) && !(before !== undefined && isOnItsWay(before)) ? [ON_ITS_WAY] : [];
  return [...heading.map(stamped), ...lines, ...wait.map(stamped)];
}

const ENDS: Partial<Record<Build['status'], string>> = {
  STOPPED: 'was stopped',
  TIMED_OUT: 'ran past its timeout',
};

/** How a build failed, and all that is known of why. */
export function renderBuildFailure(build: Build, style: Style): string {
  const { build: id, service, status, startedAt, endedAt, phases, logTail = [], logs } = build;
  const took = endedAt === null ? '' : ` after ${formatBetween(startedAt, endedAt)}`;
  const failed = phases.find((phase) => phase.status !== null && phase.status !== 'SUCCEEDED');
  const why = [
    ...(failed === undefined ? [`It is ${status}.`] : [`${failed.phase} is ${failed.status}.`]),
    ...(failed?.message === undefined ? [] : shorten(failed.message)),
    ...(logTail.length === 0 ? [] : ['Last log lines:', ...indent(logTail)]),
  ];
  return `${[
    `${style.red('✗')} ${style.bold(id)} ${ENDS[status] ?? 'failed'}: BuildFailed${took}`,
    '',
    ...indent(why),
    '',
    `Nothing was deployed. See what runs: ${style.cyan(`landfall status ${service}`)}`,
    ...(logs === undefined ? [] : [`The whole log: ${logs}`]),
  ].join('\n')}\n`;
}

/** CodeBuild quotes a command that failed in full, which may be a script: its first and its last line tell which. */
function shorten(message: string): string[] {
  const lines = message.trim().split('\n');
  return lines.length <= 3 ? lines : [lines[0] ?? '', '…', (lines.at(-1) ?? '').trim()];
}
