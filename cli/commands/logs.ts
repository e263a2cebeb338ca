import type { LogLine, Logs } from '#cli/client/contract.ts';
import { createWaitOutOutage } from '#cli/client/outage.ts';
import { type Target, targetOf } from '#cli/client/target.ts';
import { followLogs } from '#cli/following/follow-logs.ts';
import { intervalOf, runUntilInterrupted } from '#cli/following/wait.ts';
import { formatClock } from '#cli/render/format.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { completenessNotesOf, createLineRenderer } from '../render/lines.ts';
import { createIntervalOption, parseUpTo, type Register } from './command.ts';

interface Options {
  follow?: boolean;
  limit: number;
  container?: string;
  migration?: boolean;
  interval?: number;
}

export const logs: Register = (program, act) => {
  program
    .command('logs')
    .description("show what a deployment's migration and tasks wrote to their logs")
    .argument('[target]', 'a deployment, or a service: the deployment under way, else the latest')
    .option('-f, --follow', 'go on until all of its tasks have stopped, or Ctrl-C')
    .option('-n, --limit <number>', 'how many of the last lines, 1 to 1000', parseUpTo(1_000), 100)
    .option('--container <name>', 'only the containers of this name')
    .option('--migration', 'only the migration task')
    .addOption(createIntervalOption())
    .action(
      act(async (context, name: string | undefined, options: Options) => {
        const target = await targetOf(context.api, name);
        if (options.follow) return follow(context, target, options);
        const answer = await context.api.logs(target.service, target.deployment, options);
        context.print(answer, () => answer.lines.map(createLineRenderer(context.style)).join(''));
        if (!context.isJson) for (const note of completenessNotesOf(answer)) context.say(note);
        return exitCodes.done;
      }),
    );
};

/** With --json a document a line. */
async function follow(context: Context, target: Target, options: Options): Promise<ExitCode> {
  const { api, io, isJson, say, style } = context;
  const render = isJson ? (line: LogLine) => `${JSON.stringify(line)}\n` : createLineRenderer(style);
  const said = new Set<string>();
  const show = (answer: Logs) => {
    for (const line of answer.lines) io.out.write(render(line));
    if (isJson) return;
    for (const note of completenessNotesOf(answer).filter((each) => !said.has(each))) {
      said.add(note);
      say(note);
    }
  };
  const report = (trouble: string | undefined) => {
    if (trouble !== undefined) say(`${formatClock(io.now())}  ${trouble}`);
  };
  const needs = { pause: io.pause, waitOutOutage: createWaitOutOutage(report, io) };
  const isInterrupted = await runUntilInterrupted(context, async (signal) => {
    const pace = { interval: intervalOf(context, options), signal };
    for await (const answer of followLogs(api, target, options, pace, needs)) show(answer);
  });
  return isInterrupted ? exitCodes.interrupted : exitCodes.done;
}
