import type { Api } from './api.ts';
import type { Deployment, StartedBuild } from './contract.ts';
import { CliError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { isOver } from './outcome.ts';
import type { Snapshot } from './render/progress.ts';
import type { Target } from './target.ts';

export interface FollowOptions {
  /** Milliseconds between two looks. */
  interval: number;
  signal: AbortSignal;
  /** A redrive shows once its first state runs: until then the record is that of the run before this one. */
  redriveCount?: number;
}

/** What was started a moment ago has this long to show in the table; Step Functions takes a second or two. */
const PATIENCE = 60_000;
/** The record says how it ended a moment before the execution has ended, with its last state still open. */
const LAST_LOOKS = 5;

/** Looks at a deployment until it is over, or until the signal aborts. The last snapshot is that of its end. */
export async function* follow(
  api: Api,
  { service, deployment }: Target,
  { interval, signal, redriveCount = 0 }: FollowOptions,
  { now, pause }: Pick<Io, 'now' | 'pause'>,
): AsyncGenerator<Snapshot> {
  const deadline = now() + PATIENCE;
  let lastLooks = 0;
  while (!signal.aborted) {
    const found = await look();
    if (found !== undefined && isOfThisRun(found.deployment)) {
      yield found;
      const isClosed = found.deployment.steps.every(({ endedAt }) => endedAt !== null);
      if (isOver(found.deployment) && (isClosed || ++lastLooks > LAST_LOOKS)) return;
    } else if (now() > deadline) throw neverBegan(deployment);
    await pause(interval, signal);
  }

  async function look(): Promise<Snapshot | undefined> {
    try {
      const [one, other] = await Promise.all([api.deployment(service, deployment), api.service(service)]);
      return { deployment: one, service: other };
    } catch (error) {
      if (error instanceof CliError && error.title === 'DeploymentNotFound' && now() < deadline)
        return undefined;
      throw error;
    }
  }

  function isOfThisRun(found: Deployment): boolean {
    return !isOver(found) || found.redriveCount >= redriveCount;
  }
}

/** A build that takes longer has failed: CodeBuild itself stops one after an hour. */
const BUILD_PATIENCE = 3_600_000;

/** The deployment that a build starts, once there is one. The API does not tell of builds that fail. */
export async function deploymentOfBuild(
  api: Api,
  { service, build }: StartedBuild,
  { interval, signal }: FollowOptions,
  { now, pause }: Pick<Io, 'now' | 'pause'>,
): Promise<Target | undefined> {
  const deadline = now() + BUILD_PATIENCE;
  while (!signal.aborted) {
    const { deployments } = await api.deployments(service, { limit: 20 });
    const found = deployments.find((each) => each.build === build);
    if (found !== undefined) return { service, deployment: found.deployment };
    if (now() > deadline) throw neverBuilt(build);
    await pause(interval, signal);
  }
  return undefined;
}

const neverBuilt = (build: string) =>
  new CliError('BuildFailed', `${build} has not started a deployment within an hour.`, {
    exitCode: exitCodes.failed,
    remedy: 'Read its log in CodeBuild; the running service is untouched.',
  });

const neverBegan = (deployment: string) =>
  new CliError('NotBegun', `${deployment} has not begun to run within ${PATIENCE / 1000} seconds.`, {
    exitCode: exitCodes.unavailable,
    remedy: 'Look at it in the Step Functions console (landfall open).',
  });
