import type { Api } from '#cli/client/api.ts';
import type { Build, Deployment } from '#cli/client/contract.ts';
import type { WaitOutOutage } from '#cli/client/outage.ts';
import type { BuildTarget, Target } from '#cli/client/target.ts';
import { CliError } from '#cli/errors.ts';
import { exitCodes } from '#cli/exit-codes.ts';
import { isBroken, isOver } from '#cli/outcome.ts';
import type { Snapshot } from '#cli/render/progress.ts';
import type { Io } from '#cli/terminal/io.ts';

export interface FollowOptions {
  /** Milliseconds between two looks. */
  interval: number;
  signal: AbortSignal;
}

interface Needs extends Pick<Io, 'now' | 'pause'> {
  waitOutOutage: WaitOutOutage;
  /** Gets what is waited for while there is nothing to show; undefined when there is. */
  report(what: string | undefined): void;
}

/** Which run of a deployment is looked at. */
export interface Run {
  /** This command has started it a moment ago, so that it may not be on record yet. */
  isNew?: boolean;
  /** A redrive shows once its first state runs: until then the record is that of the run before this one. */
  redriveCount?: number;
}

/**
 * How long a deployment may be missing from the table, in milliseconds. `new`: this command has just started it, and
 * Step Functions takes a second or two. `named`: somebody typed its name, fresh from another command or mistyped.
 */
const START_TIMEOUTS = { new: 60_000, named: 10_000 };
/** The record says how it ended a moment before the execution has ended, with its last state still open. */
const LAST_LOOKS = 5;

/** Looks at a deployment until it is over, or until the signal aborts. The last snapshot is that of its end. */
export async function* follow(
  api: Api,
  { service, deployment }: Target,
  { interval, signal, isNew = false, redriveCount = 0 }: FollowOptions & Run,
  { now, pause, waitOutOutage, report }: Needs,
): AsyncGenerator<Snapshot> {
  const timeout = START_TIMEOUTS[isNew ? 'new' : 'named'];
  const deadline = now() + timeout;
  let isMissing = false;
  let lastLooks = 0;
  while (!signal.aborted) {
    const seen = await waitOutOutage(look);
    const found = seen?.snapshot;
    if (seen !== undefined && isMissing !== (found === undefined)) {
      isMissing = !isMissing;
      report(isMissing ? `${deployment} is not on record yet.` : undefined);
    }
    if (found !== undefined && isOfThisRun(found.deployment)) {
      yield found;
      const isClosed = found.deployment.steps.every(({ endedAt }) => endedAt !== null);
      if (isOver(found.deployment) && (isClosed || ++lastLooks > LAST_LOOKS)) return;
    } else if (seen !== undefined && now() > deadline) throw neverBegunError(deployment, timeout);
    await pause(interval, signal);
  }

  /** Without a snapshot: it is not on record yet. */
  async function look(): Promise<{ snapshot?: Snapshot }> {
    try {
      const [one, other] = await Promise.all([api.deployment(service, deployment), api.service(service)]);
      return { snapshot: { deployment: one, service: other } };
    } catch (error) {
      if (error instanceof CliError && error.title === 'DeploymentNotFound' && now() < deadline) return {};
      throw error;
    }
  }

  function isOfThisRun(found: Deployment): boolean {
    return !isOver(found) || found.redriveCount >= redriveCount;
  }
}

/** How long a finished build may take to become a deployment, in milliseconds: an event, a function, an execution. */
const DEPLOYMENT_TIMEOUT = 60_000;

/**
 * Looks at a build until it has failed or its deployment has begun, or until the signal aborts. The last one is that
 * of its end. Fails with NotBegun when it succeeded and no deployment came of it.
 */
export async function* followBuild(
  api: Api,
  { service, build }: BuildTarget,
  { interval, signal }: FollowOptions,
  { now, pause, waitOutOutage }: Needs,
): AsyncGenerator<Build> {
  let deadline: number | undefined;
  while (!signal.aborted) {
    const found = await waitOutOutage(() => api.build(service, build));
    if (found !== undefined) {
      yield found;
      if (found.deployment !== null || isBroken(found)) return;
      if (found.status === 'SUCCEEDED') {
        deadline ??= now() + DEPLOYMENT_TIMEOUT;
        if (now() >= deadline) throw notDeployedError(found);
      }
    }
    await pause(interval, signal);
  }
}

function notDeployedError({ service, build, commit }: Build): CliError {
  const again = commit === undefined ? '' : ` and deploy it: landfall deploy ${service} --commit ${commit}`;
  return new CliError(
    'NotBegun',
    `${build} succeeded, but no deployment of it has begun within ${DEPLOYMENT_TIMEOUT / 1000} seconds.`,
    {
      exitCode: exitCodes.unavailable,
      remedy: `Read the log of the function imageBuilt and the dead-letter queue${again}`,
    },
  );
}

const neverBegunError = (deployment: string, timeout: number) =>
  new CliError('NotBegun', `${deployment} has not begun to run within ${timeout / 1000} seconds.`, {
    exitCode: exitCodes.unavailable,
    remedy: 'Look at it in the Step Functions console (landfall open).',
  });
