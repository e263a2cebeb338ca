import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { flagOf, isTakenOver } from '#lib/deployment/errors.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';
import { readFailure } from './failure.ts';
import { isInterruption } from './interruption.ts';
import { findRollbackObstacle } from './may-roll-back.ts';
import { isTouched } from './touched.ts';

/** What the service runs after this document's last state. Never asked of a run that reached Deployed. */
export const serviceOutcomeOf = (document: DeploymentDocument): ServiceOutcome =>
  readServiceOutcome(document).outcome;

/** The same in a sentence, for whoever reads the failure at night. */
export const describeServiceOutcome = (document: DeploymentDocument): string =>
  readServiceOutcome(document).text;

/** What the service runs: the word, and the sentence that says the same. */
interface Reading {
  outcome: ServiceOutcome;
  text: string;
}

function readServiceOutcome(document: DeploymentDocument): Reading {
  const { failure, rollback, rollbackDone, rollbackFailure } = document;
  if (failure?.state === 'CompleteDeployment') return readLive(document, failure);
  if (!isTouched(document)) return readUntouched(document);
  // Another deployment runs by then: the document names a revision that may be gone.
  if (isTakenOver(failure?.error))
    return {
      outcome: 'TAKEN_OVER',
      text: "Not rolled back: the service is another deployment's now, and so is what runs.",
    };
  if (rollbackDone)
    return {
      outcome: 'ROLLED_BACK',
      text: `Rolled back: ${rollback?.taskDefinition ?? 'the last known good'} runs.`,
    };
  if (rollbackFailure !== undefined) return readFailedRollback(document, rollbackFailure);
  return CHANGED_IN_ECS[failure?.error ?? ''] ?? readChanged(document);
}

/** What runs once ECS, or somebody in it, has taken the rollout out of this deployment's hands. */
const CHANGED_IN_ECS: Record<string, Reading> = {
  RolloutReplaced: {
    outcome: 'TAKEN_OVER',
    text: "Not rolled back: somebody else's deployment runs, which is theirs to keep or to undo.",
  },
  RolloutRolledBack: {
    outcome: 'ROLLED_BACK',
    text: 'ECS has gone back to the revision of before by itself.',
  },
  ServiceUnusable: {
    outcome: 'TAKEN_OVER',
    text: 'The service has been deleted: nothing of it goes on running.',
  },
};

function readLive({ rollout }: DeploymentDocument, { error }: Failure): Reading {
  const revision = rollout?.taskDefinition;
  return isTakenOver(error)
    ? {
        outcome: 'TAKEN_OVER',
        text: `The release was live as ${revision} until another deployment took the service over.`,
      }
    : { outcome: 'LIVE', text: `The release is live: ${revision} runs.` };
}

/** This run has not touched the service. An earlier one may have: then `resume` says what that left. */
function readUntouched({ running, resume, failure }: DeploymentDocument): Reading {
  const before = resume?.serviceOutcomeText;
  if (isTakenOver(failure?.error))
    return {
      outcome: before === undefined ? 'UNTOUCHED' : 'TAKEN_OVER',
      text: "The service was not touched by this run: it is another deployment's now, and so is what runs.",
    };
  if (before !== undefined)
    return {
      outcome: resume?.serviceOutcome ?? 'CHANGED',
      text: `Since the redrive the service was not touched. Before it: ${before}`,
    };
  const runs = running ? `: ${running.taskDefinition} runs` : '';
  return { outcome: 'UNTOUCHED', text: `The service was not touched${runs}.` };
}

/** A rollback that failed in its wait had been begun; one that failed before may have been, if only its answer was lost. */
function readFailedRollback(document: DeploymentDocument, failed: Failure): Reading {
  const { lastKnownGood: good, rollout, taskDefinition } = document;
  const outcome = flagOf(failed.error, 'takenOver') ? 'TAKEN_OVER' : 'CHANGED';
  const way = `The rollback to ${good?.taskDefinition ?? 'the last known good'}`;
  const why = readFailure(failed).message.slice(0, 1_000).replace(/\.$/, '');
  const what = isInterruption(failed)
    ? `${way} was interrupted in ${failed.state}`
    : `${way} failed in ${failed.state}: ${why}`;
  if (failed.state === 'AwaitRollback') return { outcome, text: `${what}. ECS has been told to go back.` };
  const ours = rollout?.taskDefinition ?? taskDefinition?.arn ?? 'the new revision';
  return { outcome, text: `${what}. ECS goes on with ${ours}, unless it was told to go back all the same.` };
}

/** Changed, and nobody has undone it. */
function readChanged(document: DeploymentDocument): Reading {
  const { rollout, lastKnownGood: good } = document;
  const stays = rollout === undefined ? '' : ` ECS goes on with ${rollout.taskDefinition}.`;
  const last = good ? ` The last known good is ${good.taskDefinition}.` : '';
  return { outcome: 'CHANGED', text: `Not rolled back${explainNoRollback(document)}.${stays}${last}` };
}

/** Nothing to say where a rollback may come yet. */
function explainNoRollback(document: DeploymentDocument): string {
  const { failure, lastKnownGood: good } = document;
  const obstacle = findRollbackObstacle(document);
  if (obstacle === 'nothingGood') return ': no release has gone live yet, so there is none to go back to';
  if (failure === undefined || isInterruption(failure)) return ': the execution ended before it could be';
  if (failure.error === 'ServiceFrozen') return ': the service is frozen';
  if (failure.error === 'StateUnavailable') return ': claim and freeze could not be read';
  if (failure.error === 'SchemaAhead')
    return ': the claim was refused, as the schema is ahead of this release';
  if (obstacle === 'manual') return ': services.yml says rollback: manual';
  if (obstacle === 'schemaAhead')
    return `: the migration that ran is not backward compatible, so ${good?.taskDefinition} could not run on the new schema`;
  return '';
}
