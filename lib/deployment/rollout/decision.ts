import { DeploymentError, type ErrorName } from '#lib/deployment/errors.ts';
import { type TaskObservation, whyStopped } from './task-stop.ts';

export type RolloutDecision =
  | { verdict: 'progressing' }
  | { verdict: 'succeeded' }
  | { verdict: 'failed'; error: DeploymentError };

/** A failure; of a crash, with what is known of the last task that did. */
export function failed(name: ErrorName, why: string, crashes: TaskObservation[] = []): RolloutDecision {
  const [last] = newestFirst(crashes);
  const detail = last === undefined ? { reason: why } : { taskArn: last.taskArn, ...whyStopped(last) };
  return { verdict: 'failed', error: new DeploymentError(name, why, { detail }) };
}

export function lastReason(crashes: TaskObservation[]): string {
  const [last] = newestFirst(crashes);
  return last === undefined ? 'ECS gives no reason' : stripFullStop(whyStopped(last).reason);
}

const newestFirst = (tasks: TaskObservation[]) =>
  [...tasks].sort((one, other) => (other.stoppedAt ?? 0) - (one.stoppedAt ?? 0));

export const stripFullStop = (text: string) => text.replace(/\.\s*$/, '');
