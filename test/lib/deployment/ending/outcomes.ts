import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { BrokenSinceChange } from '#lib/deployment/ending/broken-since.ts';
import { markInterrupted } from '#lib/deployment/ending/interruption.ts';
import type { ServiceOutcome } from '#lib/deployment/service-outcome.ts';
import { document, lastKnownGood, NOON, revision, settings, taskArn } from '../fixtures.ts';
import { failure, rolledOut, rollout } from './failed.ts';

/** The ways in which a deployment may leave its service, in a word and in a sentence. */

const notTouched = document({ failure: failure({ state: 'VerifyRelease', error: 'ImageNotFound' }) });

/** Deployments that were halted. */
export const halted: [when: string, ServiceOutcome, DeploymentDocument, sentence: string][] = [
  ['before anything was changed', 'UNTOUCHED', notTouched, 'The service was not touched.'],
  [
    'before anything was changed on a service that ran',
    'UNTOUCHED',
    { ...notTouched, running: { taskDefinition: revision(6) } },
    `The service was not touched: ${revision(6)} runs.`,
  ],
  [
    'when UpdateService was refused its claim before it called ECS',
    'UNTOUCHED',
    document({
      failure: failure({ state: 'UpdateService', error: 'ServiceFrozen' }),
      running: { taskDefinition: revision(6) },
      lastKnownGood: lastKnownGood(),
    }),
    `The service was not touched: ${revision(6)} runs.`,
  ],
  [
    'after a rollback',
    'ROLLED_BACK',
    rolledOut({ rollback: { ...rollout, taskDefinition: revision(6) }, rollbackDone: true }),
    `Rolled back: ${revision(6)} runs.`,
  ],
  [
    'after a rollback that failed',
    'CHANGED',
    rolledOut({ rollbackFailure: failure({ state: 'AwaitRollback', cause: 'no room' }) }),
    `The rollback to ${revision(6)} failed in AwaitRollback: no room. ECS has been told to go back.`,
  ],
  [
    'after a rollback that failed before it began',
    'CHANGED',
    rolledOut({ rollbackFailure: failure({ state: 'RollBackService', cause: 'denied.' }) }),
    `The rollback to ${revision(6)} failed in RollBackService: denied. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
  ],
  [
    'on the first deployment ever',
    'CHANGED',
    rolledOut({ lastKnownGood: null }),
    `Not rolled back: no release has gone live yet, so there is none to go back to. ECS goes on with ${revision(7)}.`,
  ],
  [
    'where services.yml says rollback: manual',
    'CHANGED',
    rolledOut({ settings: settings({ rollback: 'manual' }) }),
    `Not rolled back: services.yml says rollback: manual. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
  ],
  [
    'when the schema has gone ahead of the old code',
    'CHANGED',
    rolledOut({
      settings: settings({ migration: { overrides: 'm.json', backwardCompatible: false } }),
      migration: { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' },
    }),
    `Not rolled back: the migration that ran is not backward compatible, so ${revision(6)} could not run on the new schema. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
  ],
  [
    "when somebody else's deployment is running",
    'TAKEN_OVER',
    rolledOut({ failure: failure({ error: 'RolloutReplaced' }) }),
    "Not rolled back: somebody else's deployment runs, which is theirs to keep or to undo.",
  ],
  [
    'when ECS rolled back by itself and there was no going back for us',
    'ROLLED_BACK',
    rolledOut({ failure: failure({ error: 'RolloutRolledBack' }), lastKnownGood: null }),
    'ECS has gone back to the revision of before by itself.',
  ],
  [
    'when the service was deleted',
    'TAKEN_OVER',
    rolledOut({ failure: failure({ error: 'ServiceUnusable' }) }),
    'The service has been deleted: nothing of it goes on running.',
  ],
  [
    'when nobody knows whether the service was updated, and it was not rolled back',
    'CHANGED',
    document({
      failure: failure({ state: 'UpdateService', error: 'AwsUnavailable' }),
      lastKnownGood: lastKnownGood(),
    }),
    `Not rolled back. The last known good is ${revision(6)}.`,
  ],
  [
    'when ECS refused the update',
    'UNTOUCHED',
    document({
      failure: failure({ state: 'UpdateService', error: 'RolloutRejected' }),
      running: { taskDefinition: revision(6) },
      lastKnownGood: lastKnownGood(),
    }),
    `The service was not touched: ${revision(6)} runs.`,
  ],
  [
    'when a re-driven deployment was refused in the queue after its first run had touched the service',
    'ROLLED_BACK',
    document({
      failure: failure({ state: 'ClaimService', error: 'ServiceFrozen', redriveCount: 1 }),
      running: { taskDefinition: revision(6) },
      resume: {
        from: 'UpdateService',
        after: 'RolloutCrashLoop',
        count: 1,
        serviceOutcomeText: 'Rolled back.',
        serviceOutcome: 'ROLLED_BACK',
      },
    }),
    'Since the redrive the service was not touched. Before it: Rolled back.',
  ],
  [
    'when only the bookkeeping failed',
    'LIVE',
    rolledOut({ failure: failure({ state: 'CompleteDeployment' }) }),
    `The release is live: ${revision(7)} runs.`,
  ],
  [
    'when another deployment took the service over before the release was on record',
    'TAKEN_OVER',
    rolledOut({ failure: failure({ state: 'CompleteDeployment', error: 'ClaimLost' }) }),
    `The release was live as ${revision(7)} until another deployment took the service over.`,
  ],
  [
    'when a re-driven deployment was refused because a newer release is live',
    'TAKEN_OVER',
    document({
      failure: failure({ state: 'ClaimService', error: 'NewerReleaseLive', redriveCount: 1 }),
      resume: {
        from: 'UpdateService',
        after: 'RolloutCrashLoop',
        count: 1,
        serviceOutcomeText: 'Changed.',
        serviceOutcome: 'CHANGED',
      },
    }),
    "The service was not touched by this run: it is another deployment's now, and so is what runs.",
  ],
  [
    'when ECS undid the way back',
    'CHANGED',
    rolledOut({
      rollbackFailure: failure({ state: 'AwaitRollback', error: 'RolloutRolledBack', cause: 'ECS did it' }),
    }),
    `The rollback to ${revision(6)} failed in AwaitRollback: ECS did it. ECS has been told to go back.`,
  ],
  [
    'when another deployment had the service before the way back',
    'TAKEN_OVER',
    rolledOut({
      rollbackFailure: failure({ state: 'RollBackService', error: 'ClaimLost', cause: 'x holds it' }),
    }),
    `The rollback to ${revision(6)} failed in RollBackService: x holds it. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
  ],
];

/** Deployments whose execution ended in a state, and what becomes of `brokenSince`. */
export const interrupted: [
  state: string,
  ServiceOutcome,
  BrokenSinceChange | undefined,
  Partial<DeploymentDocument>,
  sentence: string,
][] = [
  ['RegisterTaskDefinition', 'UNTOUCHED', undefined, {}, 'The service was not touched.'],
  [
    'UpdateService',
    'CHANGED',
    { brokenSince: NOON },
    {},
    `Not rolled back: the execution ended before it could be. The last known good is ${revision(6)}.`,
  ],
  [
    'AwaitRollout',
    'CHANGED',
    { brokenSince: NOON - 1 },
    { rollout },
    `Not rolled back: the execution ended before it could be. ECS goes on with ${revision(7)}. The last known good is ${revision(6)}.`,
  ],
  [
    'RollBackService',
    'CHANGED',
    { brokenSince: NOON - 1 },
    { rollout, failure: failure() },
    `The rollback to ${revision(6)} was interrupted in RollBackService. ECS goes on with ${revision(7)}, unless it was told to go back all the same.`,
  ],
  [
    'AwaitRollback',
    'CHANGED',
    { brokenSince: NOON - 1 },
    { rollout, failure: failure() },
    `The rollback to ${revision(6)} was interrupted in AwaitRollback. ECS has been told to go back.`,
  ],
  [
    'HaltDeployment',
    'ROLLED_BACK',
    { restoredAt: NOON },
    { rollout, failure: failure(), rollbackDone: true },
    'Rolled back: the last known good runs.',
  ],
  ['CompleteDeployment', 'LIVE', undefined, { rollout }, `The release is live: ${revision(7)} runs.`],
];

export const interruptedIn = (state: string, given: Partial<DeploymentDocument>): DeploymentDocument =>
  markInterrupted(document({ lastKnownGood: lastKnownGood(), ...given }), { state, isOver: false }, 0);
