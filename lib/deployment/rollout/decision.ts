import { DeploymentError, type ErrorName } from '#lib/deployment/errors.ts';
import { explainStop, type TaskObservation } from './task-stop.ts';

export type RolloutDecision =
  | { verdict: 'progressing' }
  | { verdict: 'succeeded' }
  | { verdict: 'failed'; error: DeploymentError };

/** A failure; of a crash, with what is known of the last task that did. */
export function decideFailed(name: ErrorName, why: string, crashes: TaskObservation[] = []): RolloutDecision {
  const [last] = sortNewestFirst(crashes);
  const detail = last === undefined ? { reason: why } : { taskArn: last.taskArn, ...explainStop(last) };
  return { verdict: 'failed', error: new DeploymentError(name, why, { detail }) };
}

export function lastReasonOf(crashes: TaskObservation[]): string {
  const [last] = sortNewestFirst(crashes);
  return last === undefined ? 'ECS gives no reason' : stripFullStop(explainStop(last).reason);
}

const sortNewestFirst = (tasks: TaskObservation[]) =>
  [...tasks].sort((one, other) => (other.stoppedAt ?? 0) - (one.stoppedAt ?? 0));

export const stripFullStop = (text: string) => text.replace(/\.\s*$/, '');
