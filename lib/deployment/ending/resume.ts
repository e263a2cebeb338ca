import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { isErrorName } from '#lib/deployment/errors.ts';
import { describeServiceOutcome } from './describe-service-outcome.ts';
import { nameOf } from './failure.ts';
import { isTouched, serviceOutcomeOf } from './service-outcome-of.ts';

/**
 * The state from which a re-driven deployment goes on. What has succeeded is kept, except that after the service was
 * touched it has to be updated again: it may have been rolled back, by this deployment or, since its claim was freed,
 * by another. Where it still runs the release, UpdateService changes nothing.
 */
export function resumeStateOf(document: DeploymentDocument, failedState: string): string {
  // Refused in the queue, before it could go on from where it had got to.
  if (failedState === 'ClaimService') return document.resume?.from ?? 'VerifyRelease';
  if (failedState === 'UpdateService' || isTouched(document)) return 'UpdateService';
  if (failedState === 'RunMigration' || failedState === 'AwaitMigration') return 'RunMigration';
  return 'VerifyRelease';
}

/** The document with which a re-driven deployment starts again: what failed is forgotten, what succeeded is kept. */
export function resumeDocument(document: DeploymentDocument, failure: Failure): DeploymentDocument {
  const from = resumeStateOf(document, failure.state);
  const {
    failure: _failure,
    rollback: _rollback,
    rollbackDone: _done,
    rollbackFailure: _failed,
    claim: _claim,
    rollout: _rollout,
    health: _health,
    ...kept
  } = document;
  const outcome = isTouched(document)
    ? { serviceOutcomeText: describeServiceOutcome(document), serviceOutcome: serviceOutcomeOf(document) }
    : {
        serviceOutcomeText: document.resume?.serviceOutcomeText,
        serviceOutcome: document.resume?.serviceOutcome,
      };
  return {
    ...kept,
    resume: {
      from,
      after: isErrorName(nameOf(failure)) ? nameOf(failure) : 'unknown',
      count: (document.resume?.count ?? 0) + 1,
      ...outcome,
    },
  };
}
