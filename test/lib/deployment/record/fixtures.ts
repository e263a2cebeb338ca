import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import { DIGEST, NOON } from '../fixtures.ts';

/** The record of a deployment whose first run is under way. */
export const record = (given: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  deployment: 'webapp-0123456789ab-7',
  service: 'webapp',
  execution: 'arn:aws:states:us-east-1:123456789012:execution:landfall-dev:webapp-0123456789ab-7',
  status: 'RUNNING',
  redriveCount: 0,
  startedAt: NOON,
  digest: DIGEST,
  trigger: { kind: 'push', requestedBy: 'pacuna' },
  ...given,
});

export const steps = [{ state: 'ClaimService', startedAt: NOON, endedAt: NOON + 1, attempts: 1 }];

export const recordedFailure = { state: 'AwaitRollout', error: 'RolloutFailed', message: 'no', detail: {} };

/** A record that says everything of its run that a run that is over can leave. */
export const ended = (given: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  record({
    status: 'FAILED',
    endedAt: NOON + 60_000,
    error: 'RolloutFailed',
    message: 'It failed.',
    serviceOutcome: 'CHANGED',
    steps,
    failure: recordedFailure,
    resultsCounted: new Set([0]),
    stepsCounted: new Set([0]),
    ...given,
  });
