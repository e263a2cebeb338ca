import type { DeploymentDocument } from './document.ts';
import type { Left } from './left.ts';

/** Failures of UpdateService that changed nothing: the claim was not ours to act on, or ECS refused. */
const REFUSALS = new Set([
  'ServiceFrozen',
  'ClaimLost',
  'NewerReleaseLive',
  'StateUnavailable',
  'AccessDenied',
  'RolloutRejected',
]);

/** The service is another deployment's now, whose business it is what runs. */
const OTHERS = new Set(['ClaimLost', 'NewerReleaseLive']);
export const isOthers = (error: string | undefined) => OTHERS.has(error ?? '');

/** The rollout was taken out of this deployment's hands in ECS itself. */
const TAKEN_AWAY = new Set(['RolloutReplaced', 'ServiceUnusable']);

/** Whether ECS may have been told to change the service: from the moment that UpdateService was allowed to. */
export const isTouched = ({ rollout, failure }: DeploymentDocument) =>
  rollout !== undefined || (failure?.state === 'UpdateService' && !REFUSALS.has(failure.error));

/** What the service runs after this document's last state; of a deployment that is not live by itself. */
export function leftOf(document: DeploymentDocument): Left {
  const { failure, rollbackFailure, rollbackDone, resume } = document;
  if (failure?.state === 'CompleteDeployment') return isOthers(failure.error) ? 'TAKEN_OVER' : 'LIVE';
  if (!isTouched(document)) {
    if (resume?.left === undefined) return 'UNTOUCHED';
    // An earlier run has touched it.
    return isOthers(failure?.error) ? 'TAKEN_OVER' : (resume.leftAs ?? 'CHANGED');
  }
  if (rollbackDone) return 'ROLLED_BACK';
  const { error = '' } = rollbackFailure ?? failure ?? {};
  if (isOthers(error) || TAKEN_AWAY.has(error)) return 'TAKEN_OVER';
  return error === 'RolloutRolledBack' && rollbackFailure === undefined ? 'ROLLED_BACK' : 'CHANGED';
}
