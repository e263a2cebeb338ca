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
const TAKEN_OVER = new Set(['ClaimLost', 'NewerReleaseLive']);

/** What runs once the rollout has been taken out of this deployment's hands in ECS itself. */
const TAKEN_AWAY: Record<string, string> = {
  RolloutReplaced: "Not rolled back: somebody else's deployment runs, which is theirs to keep or to undo.",
  RolloutRolledBack: 'ECS has gone back to the revision of before by itself.',
  ServiceUnusable: 'The service has been deleted: nothing of it goes on running.',
};

/** Whether ECS may have been told to change the service: from the moment that UpdateService was allowed to. */
export const isTouched = ({ rollout, failure }: DeploymentDocument) =>
  rollout !== undefined || (failure?.state === 'UpdateService' && !REFUSALS.has(failure.error));

/** Since when the service is not well, when this deployment leaves it so: changed, and not changed back. */
export function brokenSince(document: DeploymentDocument): number | undefined {
  const { failure, rollout, rollbackDone, rollbackFailure } = document;
  if (rollout === undefined || rollbackDone || failure?.state === 'CompleteDeployment') return undefined;
  const errors = [failure?.error ?? '', rollbackFailure?.error ?? ''];
  const isElsewhere = errors.some((error) => TAKEN_OVER.has(error) || Object.hasOwn(TAKEN_AWAY, error));
  return isElsewhere ? undefined : rollout.startedAt;
}

/** What is left running, in a sentence, for whoever reads the failure at night. */
export function whatIsRunning(document: DeploymentDocument): string {
  const { failure, rollout, rollback, rollbackFailure, lastKnownGood: good } = document;
  if (failure?.state === 'CompleteDeployment') return whatWasLive(document, failure);
  if (!isTouched(document)) return whatWasLeft(document);
  if (document.rollbackDone) return `Rolled back: ${rollback?.taskDefinition ?? 'the last known good'} runs.`;
  if (rollbackFailure !== undefined) {
    const why = readFailure(rollbackFailure).message.slice(0, 1_000).replace(/\.$/, '');
    return `The rollback to ${good?.taskDefinition ?? 'the last known good'} failed in ${rollbackFailure.state}: ${why}. ${whatWasTold(document, rollbackFailure)}`;
  }
  const elsewhere = TAKEN_AWAY[failure?.error ?? ''];
  if (elsewhere !== undefined) return elsewhere;
  const left = rollout === undefined ? '' : ` ECS goes on with ${rollout.taskDefinition}.`;
  if (good === undefined || good === null) {
    return `Not rolled back: no release has gone live yet, so there is none to go back to.${left}`;
  }
  const why = whyNotRolledBack(document, good.taskDefinition);
  return `Not rolled back${why}.${left} The last known good is ${good.taskDefinition}.`;
}

function whatWasLive({ rollout }: DeploymentDocument, { error }: Failure): string {
  return TAKEN_OVER.has(error)
    ? `The release was live as ${rollout?.taskDefinition} until another deployment took the service over.`
    : `The release is live: ${rollout?.taskDefinition} runs.`;
}

function whatWasLeft({ running, resume }: DeploymentDocument): string {
  // An earlier run has touched it.
  if (resume?.left !== undefined)
    return `Since the redrive the service was not touched. Before it: ${resume.left}`;
  return running
    ? `The service was not touched: ${running.taskDefinition} runs.`
    : 'The service was not touched.';
}

function whyNotRolledBack(document: DeploymentDocument, good: string): string {
  const { failure, settings } = document;
  if (failure?.error === 'ServiceFrozen') return ': the service is frozen';
  if (failure?.error === 'StateUnavailable') return ': claim and freeze could not be read';
  if (TAKEN_OVER.has(failure?.error ?? '')) return ': the service is no longer at this deployment';
  if (settings.rollback === 'manual') return ': services.yml says rollback: manual';
  if (isSchemaAhead(document))
    return `: the migration that ran is not backward compatible, so ${good} could not run on the new schema`;
  return '';
}

/**
 * A migration of this deployment has run after which the old code cannot run; also one that failed, because nobody
 * knows how far it came.
 */
export const isSchemaAhead = ({ migration, settings, failure }: DeploymentDocument) =>
  settings.migration?.backwardCompatible === false &&
  migration !== undefined &&
  !['MigrationNotStarted', 'MigrationInProgress'].includes(failure?.error ?? '');

/** A rollback that failed in its wait had been begun; one that failed before may have been, if only its answer was lost. */
function whatWasTold({ rollout, taskDefinition }: DeploymentDocument, { state }: Failure): string {
  if (state === 'AwaitRollback') return 'ECS has been told to go back.';
  const ours = rollout?.taskDefinition ?? taskDefinition?.arn ?? 'the new revision';
  return `ECS goes on with ${ours}, unless it was told to go back all the same.`;
}

/**
 * The error that the execution ends with: a failed rollback has its own name, unless the service is another's now.
 * Never a name that HaltDeployment's own Retry knows: it would be tried again instead of ending the execution.
 */
export function endingOf({ rollbackFailure }: DeploymentDocument, failure: Failure): string {
  if (rollbackFailure === undefined) return nameOf(failure);
  return TAKEN_OVER.has(rollbackFailure.error) ? rollbackFailure.error : 'RollbackFailed';
}

/** Errors of Step Functions and Lambda under a name of ours; a bug keeps the name that it was thrown with. */
function nameOf({ error, cause }: Failure): string {
  if (/^(Sandbox\.|Runtime\.|Lambda\.Unknown$|States\.(Heartbeat)?Timeout$)/.test(error))
    return 'FunctionCrashed';
  if (!error.startsWith('Lambda.')) return error;
  return cause.includes('AccessDenied') ? 'AccessDenied' : 'AwsUnavailable';
}

/**
 * Whether HaltDeployment runs again because of a redrive: whatever failed did so in an earlier run. A redrive can also
 * go straight into the way back; what fails there is a failure of its own.
 */
export const isRedriven = (
  { rollbackFailure }: DeploymentDocument,
  failure: Failure,
  { redriveCount }: { redriveCount: number },
) => redriveCount > Math.max(failure.redriveCount, rollbackFailure?.redriveCount ?? 0);

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
 * touched it has to be updated again: it may have been rolled back, by this deployment or, since its claim was freed,
 * by another. Where it still runs the release, UpdateService changes nothing.
 */
export function resumeState(document: DeploymentDocument, failedState: string): string {
  // Refused in the queue, before it could go on from where it had got to.
  if (failedState === 'ClaimService') return document.resume?.from ?? 'VerifyRelease';
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
    rollout: _rollout,
    health: _health,
    ...kept
  } = document;
  const left = isTouched(document) ? whatIsRunning(document) : document.resume?.left;
  return {
    ...kept,
    resume: {
      from,
      after: isErrorName(nameOf(failure)) ? nameOf(failure) : 'unknown',
      count: (document.resume?.count ?? 0) + 1,
      ...(left === undefined ? {} : { left }),
    },
  };
}

/** What HaltDeployment throws: the original failure under its own name, also one that is none of ours. */
export class HaltedDeployment extends Error {
  constructor(error: string, message: string) {
    super(message);
    this.name = error;
  }
}
