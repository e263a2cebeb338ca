import type { Build } from '#cli/client/contract.ts';
import { createWaitOutOutage } from '#cli/client/outage.ts';
import type { BuildTarget, Target } from '#cli/client/target.ts';
import type { Context } from '#cli/context.ts';
import { CliError } from '#cli/errors.ts';
import { type ExitCode, exitCodes } from '#cli/exit-codes.ts';
import { outcomeOf } from '#cli/outcome.ts';
import { renderBuild, renderBuildFailure, renderBuildNews } from '#cli/render/build.ts';
import { renderNews } from '#cli/render/log.ts';
import { renderOutcome } from '#cli/render/outcome.ts';
import { renderProgress, type Snapshot } from '#cli/render/progress.ts';
import { createDisplay, type Display, type View } from './display.ts';
import { follow, followBuild, type Run } from './follow.ts';

export interface WaitOptions extends Run {
  /** Seconds between two looks, as they were typed. */
  interval?: number;
  /** With --json: a line for every change instead of one document for the end. */
  stream?: boolean;
}

/** A look is two requests, and the API answers ten a second. */
const INTERVAL = { aws: 2_000, sandbox: 500 };

const deploymentView: View<Snapshot> = { picture: renderProgress, news: renderNews };
const buildView: View<Build> = { picture: renderBuild, news: renderBuildNews };

/** Shows a deployment until it is over, then how it ended. Ctrl-C ends the showing and nothing else. */
export async function waitFor(
  context: Context,
  target: Target,
  options: WaitOptions = {},
): Promise<ExitCode> {
  const { isNew = false, redriveCount = 0, stream = false } = options;
  const display = createDisplay(context, deploymentView);
  const goesOn = describeOngoingDeployment(context, target.deployment);
  let last: Snapshot | undefined;
  const isInterrupted = await watchUntilEnd(context, display, goesOn, async (signal, needs) => {
    const how = { interval: intervalOf(context, options), signal, isNew, redriveCount };
    for await (const snapshot of follow(context.api, target, how, needs)) {
      if (stream && context.isJson) printChange(context, last, snapshot);
      display.show(snapshot);
      last = snapshot;
    }
  });
  if (isInterrupted || last === undefined) return endInterrupted(context, goesOn);
  const { deployment } = last;
  if (!(stream && context.isJson)) context.print(deployment, () => renderOutcome(deployment, context.style));
  return outcomeOf(deployment);
}

/** Shows a build until it is over, then the deployment that it starts, or why there is none. */
export async function waitForBuild(
  context: Context,
  target: BuildTarget,
  options: WaitOptions = {},
): Promise<ExitCode> {
  const { stream = false } = options;
  const display = createDisplay(context, buildView);
  const goesOn = describeOngoingBuild(context, target);
  let last: Build | undefined;
  const isInterrupted = await watchUntilEnd(context, display, goesOn, async (signal, needs) => {
    const how = { interval: intervalOf(context, options), signal };
    for await (const build of followBuild(context.api, target, how, needs)) {
      if (stream && context.isJson) printChange(context, last && { build: last }, { build });
      display.show(build);
      last = build;
    }
  });
  if (isInterrupted || last === undefined) return endInterrupted(context, goesOn);
  const { service, deployment } = last;
  if (deployment !== null) return waitFor(context, { service, deployment }, { ...options, isNew: true });
  const failed = last;
  if (!(stream && context.isJson)) context.print(failed, () => renderBuildFailure(failed, context.style));
  return exitCodes.failed;
}

/**
 * Runs the work and ends the display, also where the work fails. Where the API stopped answering, or asks for
 * credentials again, the error adds that the deployment goes on.
 */
async function watchUntilEnd(
  context: Context,
  display: Pick<Display<never>, 'trouble' | 'end'>,
  goesOn: string,
  work: (signal: AbortSignal, needs: Parameters<typeof follow>[3]) => Promise<void>,
): Promise<boolean> {
  const report = display.trouble;
  const needs = { ...context.io, waitOutOutage: createWaitOutOutage(report, context.io), report };
  try {
    return await runUntilInterrupted(context, (signal) => work(signal, needs));
  } catch (error) {
    if (!(error instanceof CliError && (error.mayPass || error.exitCode === exitCodes.denied))) throw error;
    throw new CliError(error.title, error.message, {
      exitCode: error.exitCode,
      remedy: [error.remedy, goesOn].filter((part) => part !== undefined).join('\n'),
    });
  } finally {
    display.end();
  }
}

export const intervalOf = ({ isSandbox }: Context, { interval }: WaitOptions) =>
  interval === undefined ? INTERVAL[isSandbox ? 'sandbox' : 'aws'] : interval * 1_000;

/** Runs the work until it ends or Ctrl-C. Returns whether it was Ctrl-C. */
export async function runUntilInterrupted(
  { io }: Context,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const interrupt = new AbortController();
  const release = io.onInterrupt(() => interrupt.abort());
  try {
    await work(interrupt.signal);
  } finally {
    release();
  }
  return interrupt.signal.aborted;
}

function endInterrupted({ say }: Context, goesOn: string): ExitCode {
  say(goesOn);
  return exitCodes.interrupted;
}

const describeOngoingDeployment = ({ errStyle }: Context, deployment: string): string =>
  [
    'No longer watching. The deployment goes on.',
    `  watch it again: ${errStyle.cyan(`landfall watch ${deployment}`)}`,
    `  stop it:        ${errStyle.cyan(`landfall abort ${deployment}`)}`,
  ].join('\n');

const describeOngoingBuild = ({ errStyle }: Context, { build }: BuildTarget): string =>
  [
    'No longer watching. The build goes on, and deploys when it succeeds.',
    `  watch it again: ${errStyle.cyan(`landfall watch ${build}`)}`,
  ].join('\n');

function printChange({ io }: Context, before: object | undefined, after: object): void {
  const line = JSON.stringify(after);
  if (line !== JSON.stringify(before)) io.out.write(`${line}\n`);
}
