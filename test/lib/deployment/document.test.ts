import { describe, expect, it } from '@jest/globals';
import { DeploymentDocument, KeptOfDocument, RunOfDocument } from '#lib/deployment/document.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { document, lastKnownGood, NOON, OURS, revision, taskArn } from './fixtures.ts';

const rollout = { deploymentId: OURS, taskDefinition: revision(7), startedAt: NOON, deadline: NOON };
const failure = { state: 'AwaitRollout', error: 'RolloutCrashLoop', cause: '', redriveCount: 0 };

/** A document with every field that there is: one that is new is missing here, and does not compile. */
const everything: Required<DeploymentDocument> = {
  ...document(),
  claim: { fence: 1, redriveCount: 0 },
  lastKnownGood: lastKnownGood(),
  running: { taskDefinition: revision(6) },
  taskDefinition: { arn: revision(7), reused: false },
  migration: { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' },
  rollout,
  health: { verdict: 'healthy', consecutive: 3, deadline: NOON },
  failure,
  rollback: rollout,
  rollbackDone: true,
  rollbackFailure: failure,
  resume: { from: 'UpdateService', after: 'RolloutCrashLoop', count: 1 },
};

describe('a field of the deployment document', () => {
  it('is either kept by a redrive or of one run alone', () => {
    const parts = [...Object.keys(KeptOfDocument.shape), ...Object.keys(RunOfDocument.shape)];

    expect(parts.sort()).toEqual(Object.keys(DeploymentDocument.shape).sort());
    expect(parts).toEqual(Object.keys(everything).sort());
  });

  it('is in the document of the next run exactly where it is kept', () => {
    const resumed = resumeDocument(everything, failure);

    expect(Object.keys(resumed).sort()).toEqual(Object.keys(KeptOfDocument.shape).sort());
    expect(DeploymentDocument.parse(resumed)).toMatchObject({ migration: everything.migration });
  });
});
