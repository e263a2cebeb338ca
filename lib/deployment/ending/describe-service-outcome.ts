import { isSchemaAhead } from '#lib/deployment/claim/schema-ahead.ts';
import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { isTakenOver } from '#lib/deployment/errors.ts';
import { readFailure } from './failure.ts';
import { isInterruption } from './interruption.ts';
import { isTouched } from './service-outcome-of.ts';

/** What runs once the rollout has been taken out of this deployment's hands in ECS itself. */
const TAKEN_AWAY: Record<string, string> = {
  RolloutReplaced: "Not rolled back: somebody else's deployment runs, which is theirs to keep or to undo.",
  RolloutRolledBack: 'ECS has gone back to the revision of before by itself.',
  ServiceUnusable: 'The service has been deleted: nothing of it goes on running.',
};

/**
 * What the service runs now, in a sentence, for whoever reads the failure at night. `serviceOutcomeOf` gives the word
 * for it.
 */
export function describeServiceOutcome(document: DeploymentDocument): string {
  const { failure, rollout, rollback, rollbackFailure, lastKnownGood: good } = document;
  if (failure?.state === 'CompleteDeployment') return describeLive(document, failure);
  if (isTakenOver(failure?.error)) return describeTakenOver(document);
  if (!isTouched(document)) return describeUntouched(document);
  if (document.rollbackDone) return `Rolled back: ${rollback?.taskDefinition ?? 'the last known good'} runs.`;
  if (rollbackFailure !== undefined) return describeFailedRollback(document, rollbackFailure);
  const elsewhere = TAKEN_AWAY[failure?.error ?? ''];
  if (elsewhere !== undefined) return elsewhere;
  const stays = rollout === undefined ? '' : ` ECS goes on with ${rollout.taskDefinition}.`;
  if (good === undefined || good === null) {
    return `Not rolled back: no release has gone live yet, so there is none to go back to.${stays}`;
  }
  const why = explainNoRollback(document, good.taskDefinition);
  return `Not rolled back${why}.${stays} The last known good is ${good.taskDefinition}.`;
}

function describeLive({ rollout }: DeploymentDocument, { error }: Failure): string {
  return isTakenOver(error)
    ? `The release was live as ${rollout?.taskDefinition} until another deployment took the service over.`
    : `The release is live: ${rollout?.taskDefinition} runs.`;
}

/** Another deployment runs by then: the document names a revision that may be gone. */
const describeTakenOver = (document: DeploymentDocument) =>
  isTouched(document)
    ? "Not rolled back: the service is another deployment's now, and so is what runs."
    : "The service was not touched by this run: it is another deployment's now, and so is what runs.";

function describeUntouched({ running, resume }: DeploymentDocument): string {
  // An earlier run has touched it.
  if (resume?.serviceOutcomeText !== undefined)
    return `Since the redrive the service was not touched. Before it: ${resume.serviceOutcomeText}`;
  return running
    ? `The service was not touched: ${running.taskDefinition} runs.`
    : 'The service was not touched.';
}

/** A rollback that failed in its wait had been begun; one that failed before may have been, if only its answer was lost. */
function describeFailedRollback(document: DeploymentDocument, failed: Failure): string {
  const { lastKnownGood: good, rollout, taskDefinition } = document;
  const way = `The rollback to ${good?.taskDefinition ?? 'the last known good'}`;
  const why = readFailure(failed).message.slice(0, 1_000).replace(/\.$/, '');
  const what = isInterruption(failed)
    ? `${way} was interrupted in ${failed.state}`
    : `${way} failed in ${failed.state}: ${why}`;
  if (failed.state === 'AwaitRollback') return `${what}. ECS has been told to go back.`;
  const ours = rollout?.taskDefinition ?? taskDefinition?.arn ?? 'the new revision';
  return `${what}. ECS goes on with ${ours}, unless it was told to go back all the same.`;
}

function explainNoRollback(document: DeploymentDocument, good: string): string {
  const { failure, settings } = document;
  if (failure === undefined || isInterruption(failure)) return ': the execution ended before it could be';
  if (failure.error === 'ServiceFrozen') return ': the service is frozen';
  if (failure.error === 'StateUnavailable') return ': claim and freeze could not be read';
  if (settings.rollback === 'manual') return ': services.yml says rollback: manual';
  if (isSchemaAhead(document))
    return `: the migration that ran is not backward compatible, so ${good} could not run on the new schema`;
  return '';
}
