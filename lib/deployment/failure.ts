import type { DeploymentDocument, Failure } from './document.ts';
import { type FailureDetail, isErrorName } from './errors.ts';

/** A failure as people read it: the error's sentence out of the cause, and what else the cause carries. */
export interface FailureReading {
  state: string;
  error: string;
  message: string;
  detail: FailureDetail;
}

/**
 * Reads a cause. Lambda writes {errorType, errorMessage, trace}; our own callbacks write {errorMessage, detail};
 * Step Functions itself writes plain text.
 */
export function readFailure(failure: Pick<Failure, 'state' | 'error' | 'cause'>): FailureReading {
  const { state, error, cause } = failure;
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) {
      const detail =
        'detail' in parsed && typeof parsed.detail === 'object' && parsed.detail !== null
          ? parsed.detail
          : {};
      return { state, error, message: String(parsed.errorMessage), detail };
    }
  } catch {
    // Plain text: Step Functions' own causes are.
  }
  return { state, error, message: cause || 'Step Functions gives no cause', detail: {} };
}

/**
 * SendTaskFailure's cause: at most 32,768 characters, of the same form as a Lambda function's error. JSON writes a
 * control character (colours in a log, say) with six.
 */
export function causeOf(error: { name: string; message: string; detail?: FailureDetail }): string {
  const cause = { errorType: error.name, errorMessage: error.message, detail: error.detail ?? {} };
  const text = JSON.stringify(cause);
  return text.length <= 32_768
    ? text
    : JSON.stringify({ ...cause, errorMessage: error.message.slice(0, 5_000), detail: {} });
}

/** Failures of UpdateService from before it calls ECS: the claim was not ours to act on. */
const REFUSALS = new Set(['ServiceFrozen', 'ClaimLost', 'NewerReleaseLive', 'StateUnavailable']);

/** Whether ECS may have been told to change the service: from the moment that UpdateService was allowed to. */
export const isTouched = ({ rollout, failure }: DeploymentDocument) =>
  rollout !== undefined || failure?.state === 'UpdateService';

/** What is left running, in a sentence, for whoever reads the failure at night. */
export function whatIsRunning(document: DeploymentDocument): string {
  const good = document.lastKnownGood;
  if (document.failure?.state === 'CompleteDeployment')
    return `The release is live: ${document.rollout?.taskDefinition} runs.`;
  if (!isTouched(document)) {
    const running = document.running?.taskDefinition;
    return running === undefined
      ? 'The service was not touched.'
      : `The service was not touched: ${running} runs.`;
  }
  if (document.rollbackDone)
    return `Rolled back: ${document.rollback?.taskDefinition ?? 'the last known good'} runs.`;
  if (document.rollbackFailure !== undefined) {
    return `The rollback to ${good?.taskDefinition ?? 'the last known good'} failed in ${document.rollbackFailure.state}: ${readFailure(document.rollbackFailure).message.slice(0, 1_000)}`;
  }
  if (good === undefined || good === null) {
    return 'Not rolled back: no release has gone live yet, so there is none to go back to.';
  }
  if (document.settings.rollback === 'manual') {
    return `Not rolled back: services.yml says rollback: manual. The last known good is ${good.taskDefinition}.`;
  }
  if (isSchemaAhead(document)) {
    return `Not rolled back: the migration that ran is not backward compatible, so ${good.taskDefinition} could not run on the new schema.`;
  }
  return `Not rolled back. The last known good is ${good.taskDefinition}.`;
}

/** A migration of this deployment succeeded after which the old code cannot run. */
export const isSchemaAhead = (document: DeploymentDocument) =>
  document.migration?.status === 'succeeded' && document.settings.migration?.backwardCompatible === false;

/** The error that the execution ends with: a failed rollback has its own name. */
export const endingOf = (document: DeploymentDocument, failure: Failure) =>
  document.rollbackFailure === undefined ? failure.error : 'RollbackFailed';

/** HaltDeployment's message: which state, why, what runs now, where the log is. Bounded, for SNS and the console. */
export function describeFailure(document: DeploymentDocument, failure: Failure): string {
  const reading = readFailure(failure);
  const tail = reading.detail.logTail ?? [];
  const lines = [
    `${reading.state} failed with ${reading.error}.`,
    reading.message.slice(0, 4_000),
    whatIsRunning(document),
    ...(tail.length === 0 ? [] : ['Last log lines:', ...tail.map((line) => `  ${line.slice(0, 200)}`)]),
    `A redrive goes on from ${resumeState(document, failure.state)}.`,
  ];
  return lines.join('\n').slice(0, 8_000);
}

/**
 * The state from which a re-driven deployment goes on. What has succeeded is kept, except that after the service was
 * touched (and perhaps rolled back) it has to be updated again.
 */
export function resumeState(document: DeploymentDocument, failedState: string): string {
  if (failedState === 'CompleteDeployment') return 'CompleteDeployment';
  if (failedState === 'UpdateService' || isTouched(document)) return 'UpdateService';
  if (failedState === 'RunMigration' || failedState === 'AwaitMigration') return 'RunMigration';
  return 'VerifyRelease';
}

/** The document with which a re-driven deployment starts again: what failed is forgotten, what succeeded is kept. */
export function resumeDocument(document: DeploymentDocument, failure: Failure): DeploymentDocument {
  const from = resumeState(document, failure.state);
  const {
    failure: _failure,
    rollback: _rollback,
    rollbackDone: _done,
    rollbackFailure: _failed,
    claim: _claim,
    ...kept
  } = document;
  if (from !== 'CompleteDeployment') {
    delete kept.rollout;
    delete kept.health;
  }
  const count = (document.resume?.count ?? 0) + 1;
  return { ...kept, resume: { from, after: isErrorName(failure.error) ? failure.error : 'unknown', count } };
}

/** What HaltDeployment throws: the original failure under its own name, also one that is none of ours. */
export class HaltedDeployment extends Error {
  constructor(error: string, message: string) {
    super(message);
    this.name = error;
  }
}
