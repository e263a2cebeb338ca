import { describe, expect, it } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { resumeDocument, resumeStateOf } from '#lib/deployment/ending/resume.ts';
import { document, NOON, revision, taskArn } from '../fixtures.ts';
import { failure, rolledOut, rollout } from './failed.ts';

describe('a redrive goes on', () => {
  const untouched = document();
  const touched = document({ rollout });

  it.each<[failed: string, from: string, DeploymentDocument]>([
    ['ClaimService', 'VerifyRelease', untouched],
    ['VerifyRelease', 'VerifyRelease', untouched],
    ['RegisterTaskDefinition', 'VerifyRelease', untouched],
    ['RunMigration', 'RunMigration', untouched],
    ['AwaitMigration', 'RunMigration', untouched],
    ['UpdateService', 'UpdateService', untouched],
    ['AwaitRollout', 'UpdateService', touched],
    ['CheckHealth', 'UpdateService', touched],
    // migration.when: after, when the rollout may have been rolled back.
    ['AwaitMigration', 'UpdateService', touched],
    // Its claim was freed with the failure: what runs has to be seen again before it is called live.
    ['CompleteDeployment', 'UpdateService', touched],
  ])('after %s from %s', (state, from, given) => {
    expect(resumeStateOf({ ...given, failure: failure({ state }) }, state)).toBe(from);
  });

  const migration = { attempt: 2, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' as const };
  const failed = rolledOut({
    claim: { fence: 3, redriveCount: 0 },
    running: { taskDefinition: revision(6) },
    taskDefinition: { arn: revision(7), reused: false },
    migration,
    health: { verdict: 'waiting', consecutive: 0, deadline: NOON },
    rollback: rollout,
    rollbackDone: true,
    rollbackFailure: failure(),
  });

  it('with what has succeeded kept, and what failed forgotten', () => {
    const { claim, rollout, health, rollback, rollbackDone, rollbackFailure, failure: _, ...kept } = failed;

    const resumed = resumeDocument(failed, failure());

    expect(resumed).toEqual({
      ...kept,
      resume: {
        from: 'UpdateService',
        after: 'RolloutCrashLoop',
        count: 1,
        serviceOutcomeText: `Rolled back: ${revision(7)} runs.`,
        serviceOutcome: 'ROLLED_BACK',
      },
    });
  });

  it('where it had got to, when it was refused in the queue', () => {
    const again = { ...resumeDocument(failed, failure()), failure: failure({ state: 'ClaimService' }) };

    const resumed = resumeDocument(again, again.failure);

    expect(resumed.resume).toMatchObject({
      from: 'UpdateService',
      serviceOutcomeText: `Rolled back: ${revision(7)} runs.`,
      count: 2,
    });
  });

  it('with each redrive counted', () => {
    const once = resumeDocument(failed, failure());

    const twice = resumeDocument({ ...once, failure: failure() }, failure({ error: 'TypeError' }));

    expect(twice.resume).toMatchObject({ after: 'unknown', count: 2 });
  });
});
