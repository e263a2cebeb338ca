import { type DeploymentDocument, type Failure, KeptOfDocument } from '#lib/deployment/document.ts';
import { isErrorName } from '#lib/deployment/errors.ts';
import { nameOf } from './failure.ts';
import { describeServiceOutcome, serviceOutcomeOf } from './service-outcome-of.ts';
import { isTouched } from './touched.ts';

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

/** The document with which a re-driven deployment starts again: without anything of the run that failed. */
export function resumeDocument(document: DeploymentDocument, failure: Failure): KeptOfDocument {
  const outcome = isTouched(document)
    ? { serviceOutcomeText: describeServiceOutcome(document), serviceOutcome: serviceOutcomeOf(document) }
    : {
        serviceOutcomeText: document.resume?.serviceOutcomeText,
        serviceOutcome: document.resume?.serviceOutcome,
      };
  return {
    ...KeptOfDocument.parse(document),
    resume: {
      from: resumeStateOf(document, failure.state),
      after: isErrorName(nameOf(failure)) ? nameOf(failure) : 'unknown',
      count: (document.resume?.count ?? 0) + 1,
      ...outcome,
    },
  };
}
