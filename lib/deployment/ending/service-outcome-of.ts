import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { flagOf, isTakenOver } from '#lib/deployment/errors.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';

/** Whether ECS may have got the order to change the service: true once UpdateService may have called it. */
export const isTouched = ({ rollout, failure }: DeploymentDocument) =>
  rollout !== undefined || (failure?.state === 'UpdateService' && !flagOf(failure.error, 'changedNothing'));

/** What the service runs after this document's last state. Never asked of a run that reached Deployed. */
export function serviceOutcomeOf(document: DeploymentDocument): ServiceOutcome {
  const { failure, rollbackFailure, rollbackDone, resume } = document;
  if (failure?.state === 'CompleteDeployment') return isTakenOver(failure.error) ? 'TAKEN_OVER' : 'LIVE';
  if (!isTouched(document)) {
    if (resume?.serviceOutcomeText === undefined) return 'UNTOUCHED';
    // An earlier run has touched it.
    return isTakenOver(failure?.error) ? 'TAKEN_OVER' : (resume.serviceOutcome ?? 'CHANGED');
  }
  if (rollbackDone) return 'ROLLED_BACK';
  const { error } = rollbackFailure ?? failure ?? {};
  if (flagOf(error, 'takenOver')) return 'TAKEN_OVER';
  return error === 'RolloutRolledBack' && rollbackFailure === undefined ? 'ROLLED_BACK' : 'CHANGED';
}
