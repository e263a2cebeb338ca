import type { Context } from './context.ts';
import type { Build } from './contract.ts';
import { displayOn, type View } from './display.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { follow, followBuild } from './follow.ts';
import { outcomeOf } from './outcome.ts';
import { renderBuild, renderBuildFailure, renderBuildNews } from './render/build.ts';
import { renderNews } from './render/log.ts';
import { renderOutcome } from './render/outcome.ts';
import { renderProgress, type Snapshot } from './render/progress.ts';
import type { BuildTarget, Target } from './target.ts';

export interface WaitOptions {
  /** Seconds between two looks, as they were typed. */
  interval?: number;
  /** The run that is waited for. */
  redriveCount?: number;
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
  const { redriveCount = 0, stream = false } = options;
  const display = displayOn(context, deploymentView);
  let last: Snapshot | undefined;
  const isInterrupted = await untilInterrupted(context, async (signal) => {
    try {
      for await (const snapshot of follow(
        context.api,
        target,
        { interval: intervalOf(context, options), signal, redriveCount },
        context.io,
      )) {
        if (stream && context.isJson) printChange(context, last, snapshot);
        display.show(snapshot);
        last = snapshot;
      }
    } finally {
      display.end();
    }
  });
  if (isInterrupted || last === undefined) return goesOn(context, target.deployment);
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
  const display = displayOn(context, buildView);
  let last: Build | undefined;
  const isInterrupted = await untilInterrupted(context, async (signal) => {
    try {
      const interval = intervalOf(context, options);
      for await (const build of followBuild(context.api, target, { interval, signal }, context.io)) {
        if (stream && context.isJson) printChange(context, last && { build: last }, { build });
        display.show(build);
        last = build;
      }
    } finally {
      display.end();
    }
  });
  if (isInterrupted || last === undefined) return buildGoesOn(context, target);
  const { service, deployment } = last;
  if (deployment !== null) return waitFor(context, { service, deployment }, options);
  const failed = last;
  if (!(stream && context.isJson)) context.print(failed, () => renderBuildFailure(failed, context.style));
  return exitCodes.failed;
}

export const intervalOf = ({ isSandbox }: Context, { interval }: WaitOptions) =>
  interval === undefined ? INTERVAL[isSandbox ? 'sandbox' : 'aws'] : interval * 1_000;

/** Does it until Ctrl-C, and returns whether that was its end. */
export async function untilInterrupted(
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

function goesOn({ say, errStyle }: Context, deployment: string): ExitCode {
  say(
    [
      'No longer watching. The deployment goes on.',
      `  watch it again: ${errStyle.cyan(`landfall watch ${deployment}`)}`,
      `  stop it:        ${errStyle.cyan(`landfall abort ${deployment}`)}`,
    ].join('\n'),
  );
  return exitCodes.interrupted;
}

function buildGoesOn({ say, errStyle }: Context, { build }: BuildTarget): ExitCode {
  say(
    [
      'No longer watching. The build goes on, and deploys when it succeeds.',
      `  watch it again: ${errStyle.cyan(`landfall watch ${build}`)}`,
    ].join('\n'),
  );
  return exitCodes.interrupted;
}

function printChange({ io }: Context, before: object | undefined, after: object): void {
  const line = JSON.stringify(after);
  if (line !== JSON.stringify(before)) io.out.write(`${line}\n`);
}
