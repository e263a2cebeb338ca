import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { causeOf } from '#lib/deployment/ending/failure.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { document, lastKnownGood, NOON, OURS, revision } from '../fixtures.ts';

/** Deployments that failed. */

export const failure = (given: Partial<Failure> = {}): Failure => ({
  state: 'AwaitRollout',
  error: 'RolloutCrashLoop',
  cause: causeOf(new DeploymentError('RolloutCrashLoop', '3 tasks stopped')),
  redriveCount: 0,
  ...given,
});

export const rollout = {
  deploymentId: OURS,
  taskDefinition: revision(7),
  startedAt: NOON - 1,
  deadline: NOON + 1,
};

export const rolledOut = (given: Partial<DeploymentDocument> = {}) =>
  document({ rollout, lastKnownGood: lastKnownGood(), failure: failure(), ...given });
