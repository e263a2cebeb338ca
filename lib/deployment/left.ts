import * as z from 'zod';
import type { Aftermath } from './aftermath.ts';
import type { DeploymentDocument } from './document.ts';

/**
 * What a deployment leaves the service running once it is over. Where nothing is said, it is not known: the history of
 * an execution that was interrupted could not be read yet.
 *
 * - `LIVE`: the release, which went through its checks; also where only putting it on record failed.
 * - `UNTOUCHED`: what it ran before. ECS was told nothing, or refused.
 * - `ROLLED_BACK`: the revision of before again, led back by this deployment or by ECS itself.
 * - `CHANGED`: it was changed, or may have been, and is not known to be back: not rolled back, the way back failed, or
 *   the execution ended in the midst of it. A person has to look.
 * - `TAKEN_OVER`: whatever somebody else made of it since: another deployment, an update by hand, or its deletion.
 */
export const Left = z.enum(['LIVE', 'UNTOUCHED', 'ROLLED_BACK', 'CHANGED', 'TAKEN_OVER']);
export type Left = z.infer<typeof Left>;

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

/**
 * How this deployment leaves the service, which is over at `at`: broken since its update, or led back by then; undefined
 * where it has not changed it, or what runs is another's.
 */
export function aftermathOf(document: DeploymentDocument, at: number): Aftermath | undefined {
  if (!isTouched(document)) return undefined;
  const left = leftOf(document);
  if (left === 'ROLLED_BACK') return { restoredAt: at };
  // Of an update whose answer never came only its end is known.
  return left === 'CHANGED' ? { brokenSince: document.rollout?.startedAt ?? at } : undefined;
}

/**
 * A migration of this deployment has run after which the old code cannot run; also one that failed, because nobody
 * knows how far it came.
 */
export const isSchemaAhead = ({ migration, settings, failure }: DeploymentDocument) =>
  settings.migration?.backwardCompatible === false &&
  migration !== undefined &&
  !['MigrationNotStarted', 'MigrationInProgress'].includes(failure?.error ?? '');

/**
 * Whether the run that ends with this document has put the schema ahead of what was live before. A run that was refused
 * because the service is another's, or in the queue, tells nothing new of what an earlier one has migrated.
 */
export const hasMovedSchema = (document: DeploymentDocument) =>
  isSchemaAhead(document) && document.failure?.state !== 'ClaimService' && !isOthers(document.failure?.error);
