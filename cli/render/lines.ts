import type { LogLine, Logs } from '#cli/client/contract.ts';
import { formatClock, shortenTask } from './format.ts';
import type { Paint, Style } from './style.ts';

/** A line of a container: when, the task's id in a colour of its own, the container, and what it wrote. */
export function createLineRenderer(style: Style): (line: LogLine) => string {
  const paints: Paint[] = [style.cyan, style.yellow, style.green, style.magenta, style.blue];
  const paintOf = new Map<string, Paint>();
  return ({ at, task, container, message }) => {
    const paint = paintOf.get(task) ?? paints[paintOf.size % paints.length] ?? style.cyan;
    paintOf.set(task, paint);
    const when = at === null ? '        ' : formatClock(at);
    // An event may be of several lines.
    const lines = message.replace(/\n$/, '').split('\n');
    return lines
      .map((line) => `${style.dim(when)}  ${paint(`${shortenTask(task)} ${container}`)}  ${line}\n`)
      .join('');
  };
}

/** What a reader has to know of how complete the lines are. */
export function completenessNotesOf({
  deployment,
  sources,
  truncated,
}: Pick<Logs, 'deployment' | 'sources' | 'truncated'>) {
  if (sources.length === 0)
    return [
      `ECS shows no task of ${deployment}: it forgets them an hour after they have stopped. Their lines are in CloudWatch Logs.`,
    ];
  return [
    ...sources.flatMap(({ task, container, from, problem }) => [
      ...(from === 'record'
        ? [
            `ECS has forgotten the task ${shortenTask(task)}: of ${container} the record keeps these last lines. All are in CloudWatch Logs.`,
          ]
        : []),
      ...(problem === null
        ? []
        : [`There is nothing of ${container} of task ${shortenTask(task)}: ${problem}.`]),
    ]),
    ...(truncated ? ['There are more containers than are shown: name one with --container.'] : []),
  ];
}
