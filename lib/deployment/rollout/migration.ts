import { DeploymentError } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';
import { explainStop, type TaskObservation } from './task-stop.ts';

export type MigrationDecision =
  | { verdict: 'progressing' }
  | { verdict: 'succeeded' }
  /** Past its deadline: it has to be stopped, and is still waited for, so that no second one runs beside it. */
  | { verdict: 'overdue' }
  | { verdict: 'failed'; error: DeploymentError };

/** What StopTask is given, and by which a stopped task is known as timed out later. */
export const STOP_REASON = 'Landfall: past the migration timeout';

/** A task that does not stop within this many milliseconds (a lost agent, say) is given up, and said to be. */
const STOP_GRACE = 300_000;

/**
 * What has become of the migration task. Success is: it ended by itself, and every essential container exited 0. A
 * sidecar's exit code does not count; a missing exit code is a failure (the container never started).
 *
 * `task` is undefined while ECS does not show it (DescribeTasks right after RunTask may say MISSING).
 */
export function decideMigration(
  task: TaskObservation | undefined,
  deadline: number,
  now: number,
): MigrationDecision {
  if (task?.lastStatus === 'STOPPED') return decideStopped(task, deadline);
  if (now < deadline) return { verdict: 'progressing' };
  if (task === undefined) return decideTimedOut('ECS does not show its task', deadline);
  if (now < deadline + STOP_GRACE) return { verdict: 'overdue' };
  return decideTimedOut(
    `task ${task.taskArn} was told to stop and is still ${task.lastStatus}`,
    deadline,
    task,
  );
}

function decideTimedOut(what: string, deadline: number, task?: TaskObservation): MigrationDecision {
  const why = `${what} past its deadline of ${formatInstant(deadline)}`;
  const container = task?.containers.find((each) => each.essential)?.name;
  const detail = { ...(task && { taskArn: task.taskArn }), ...(container && { container }) };
  return { verdict: 'failed', error: new DeploymentError('MigrationTimedOut', why, { detail }) };
}

function decideStopped(task: TaskObservation, deadline: number): MigrationDecision {
  if (task.stoppedReason === STOP_REASON)
    return decideTimedOut(`task ${task.taskArn} was stopped`, deadline, task);
  const essential = task.containers.filter((each) => each.essential);
  // A program that ends gracefully on SIGTERM exits 0 with its work half done.
  const isInterrupted = task.stopCode !== undefined && task.stopCode !== 'EssentialContainerExited';
  const allWell = essential.length > 0 && essential.every((each) => each.exitCode === 0);
  if (allWell && !isInterrupted) return { verdict: 'succeeded' };
  const { reason, container, exitCode } = explainStop(task);
  const neverStarted = essential.every((each) => each.exitCode === undefined);
  return {
    verdict: 'failed',
    error: new DeploymentError(neverStarted ? 'MigrationNotStarted' : 'MigrationFailed', reason, {
      detail: {
        reason,
        taskArn: task.taskArn,
        ...(container ? { container } : {}),
        ...(exitCode === undefined ? {} : { exitCode }),
      },
    }),
  };
}

/** Whether a redrive goes on with the earlier task instead of starting another: it still runs, or has succeeded. */
export function mayAdopt(task: TaskObservation | undefined): boolean {
  if (task === undefined) return false;
  return task.lastStatus !== 'STOPPED' || decideStopped(task, 0).verdict === 'succeeded';
}

/** A migration task of some release that has not stopped. `startedAt` is epoch milliseconds. */
export interface UnfinishedMigration {
  taskArn: string;
  taskDefinition: string;
  startedAt: number;
}

export type StartDecision =
  | { act: 'start' }
  /** Ours, known by the release's revision: whoever started it. */
  | { act: 'adopt'; taskArn: string }
  /** Another release's must not run beside ours; `overdue`: its deployment is gone and nobody else will stop it. */
  | { act: 'wait'; taskArn: string; overdue: boolean; error: DeploymentError };

/** What RunMigration does about the service's migrations that still run. */
export function decideStart(
  unfinished: UnfinishedMigration[],
  taskDefinition: string,
  timeoutSeconds: number,
  now: number,
): StartDecision {
  const other = unfinished.find((task) => task.taskDefinition !== taskDefinition);
  if (other !== undefined) {
    const why = `task ${other.taskArn} of ${other.taskDefinition}, since ${formatInstant(other.startedAt)}`;
    return {
      act: 'wait',
      taskArn: other.taskArn,
      overdue: now >= other.startedAt + timeoutSeconds * 1000,
      error: new DeploymentError('MigrationInProgress', why, { detail: { taskArn: other.taskArn } }),
    };
  }
  const [own] = unfinished;
  return own === undefined ? { act: 'start' } : { act: 'adopt', taskArn: own.taskArn };
}
