import { describe, expect, it } from '@jest/globals';

import {
  DeploymentDocument,
  KeptOfDocument,
  parseDocument,
  RunOfDocument,
  requireValue,
  runOf,
} from '#lib/deployment/document.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { document, failureOf, lastKnownGood, NOON, OURS, release, revision, taskArn } from './fixtures.ts';

describe('the deployment document', () => {
  it('is accepted as it is, defaults and all', () => {
    expect(parseDocument(document())).toEqual(document());
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown member', { ...document(), force: true }, /force/],
    ['a service that no table key may have', { ...document(), service: 'Web App' }, /service/],
    ['a digest of another kind', document({ release: release({ digest: 'latest' }) }), /digest/],
    ['a name longer than that of an execution', document({ deployment: 'x'.repeat(81) }), /deployment/],
    ['nothing', undefined, /object/],
  ])('is refused with %s, which is named', (_, value, message) => {
    const error = failureOf(() => parseDocument(value));

    expect(error.name).toBe('InvalidDocument');
    expect(error.message).toMatch(message);
  });

  it('lacking what a state needs says so', () => {
    expect(requireValue(0, 'zero')).toBe(0);
    for (const value of [undefined, null]) {
      expect(failureOf(() => requireValue(value, 'rollout'))).toMatchObject({
        name: 'InvalidDocument',
        message: expect.stringContaining('"rollout" is missing'),
      });
    }
  });
});

describe('the run of an execution', () => {
  it('began with the execution, or with its last redrive', () => {
    const first = { arn: 'arn', redriveCount: 0, startedAt: NOON };

    expect(runOf(first)).toEqual({ redriveCount: 0, since: NOON });
    expect(runOf({ ...first, redriveCount: 2, redrivenAt: NOON + 5 })).toEqual({
      redriveCount: 2,
      since: NOON + 5,
    });
  });
});

const rollout = { deploymentId: OURS, taskDefinition: revision(7), startedAt: NOON, deadline: NOON };
const failure = { state: 'AwaitRollout', error: 'RolloutCrashLoop', cause: '', redriveCount: 0 };

/** A document with every field that there is: one that is new is missing here, and does not compile. */
const everything: Required<DeploymentDocument> = {
  ...document(),
  claim: { fence: 1, redriveCount: 0 },
  schemaAhead: { deployment: 'webapp-6', at: NOON },
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
