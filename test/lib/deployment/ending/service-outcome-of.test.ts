import { describe, expect, it } from '@jest/globals';
import { describeServiceOutcome, serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { errorsWith } from '#lib/deployment/errors.ts';
import { document, lastKnownGood, NOON, OURS, revision } from '../fixtures.ts';

const failedWith = (error: string) =>
  document({
    rollout: { deploymentId: OURS, taskDefinition: revision(7), startedAt: NOON, deadline: NOON },
    lastKnownGood: lastKnownGood(),
    failure: { state: 'AwaitRollout', error, cause: '', redriveCount: 0 },
  });

describe('what a service runs that was touched and not rolled back', () => {
  it.each(errorsWith('noRollback'))('says why there was no way back after %s', (error) => {
    // What is said where nothing stood in the way.
    expect(describeServiceOutcome(failedWith(error))).not.toMatch(/^Not rolled back\./);
    expect(describeServiceOutcome(failedWith('RolloutCrashLoop'))).toMatch(/^Not rolled back\./);
  });

  it.each(errorsWith('takenOver'))("is somebody else's business after %s", (error) => {
    expect(serviceOutcomeOf(failedWith(error))).toBe('TAKEN_OVER');
    expect(describeServiceOutcome(failedWith(error))).not.toContain(revision(7));
  });
});
