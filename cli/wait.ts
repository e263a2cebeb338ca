import type { Context } from './context.ts';
import type { StartedBuild } from './contract.ts';
import { displayOn } from './display.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { deploymentOfBuild, follow } from './follow.ts';
import { outcomeOf } from './outcome.ts';
import { renderOutcome } from './render/outcome.ts';
import type { Snapshot } from './render/progress.ts';
import type { Target } from './target.ts';

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

/** Shows a deployment until it is over, then how it ended. Ctrl-C ends the showing and nothing else. */
export async function waitFor(
  context: Context,
  target: Target,
  options: WaitOptions = {},
): Promise<ExitCode> {
  const { redriveCount = 0, stream = false } = options;
  const display = displayOn(context);
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

/** Waits for the deployment that a build starts, then for that. */
export async function waitForBuild(
  context: Context,
  build: StartedBuild,
  options: WaitOptions,
): Promise<ExitCode> {
  const { api, io, say } = context;
  say(`Waiting for the deployment of build ${build.build} (${build.ref})`);
  let target: Target | undefined;
  const isInterrupted = await untilInterrupted(context, async (signal) => {
    target = await deploymentOfBuild(api, build, { interval: intervalOf(context, options), signal }, io);
  });
  if (isInterrupted || target === undefined) {
    say('No longer waiting. The build goes on, and deploys when it succeeds.');
    return exitCodes.interrupted;
  }
  return waitFor(context, target, options);
}

const intervalOf = ({ isSandbox }: Context, { interval }: WaitOptions) =>
  interval === undefined ? INTERVAL[isSandbox ? 'sandbox' : 'aws'] : interval * 1_000;

async function untilInterrupted(
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

function printChange({ io }: Context, before: Snapshot | undefined, after: Snapshot): void {
  const line = JSON.stringify(after);
  if (line !== JSON.stringify(before)) io.out.write(`${line}\n`);
}
