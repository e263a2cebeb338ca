import { describe, expect, it } from '@jest/globals';

import { describeServiceOutcome, serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { errorsWith } from '#lib/deployment/errors.ts';
import { document, lastKnownGood, NOON, OURS, revision } from '../fixtures.ts';
import { halted, interrupted, interruptedIn } from './outcomes.ts';

describe('what the service runs', () => {
  it.each(halted)('%s is %s', (_when, outcome, document) => {
    expect(serviceOutcomeOf(document)).toBe(outcome);
  });

  it.each(interrupted)(
    'of an execution that was interrupted in %s is %s',
    (state, outcome, _change, given) => {
      expect(serviceOutcomeOf(interruptedIn(state, given))).toBe(outcome);
    },
  );

  it('is changed where an earlier run had touched it and did not say how it left it', () => {
    const resume = { from: 'UpdateService', after: 'unknown', count: 1, serviceOutcomeText: 'Changed.' };

    expect(serviceOutcomeOf(document({ resume }))).toBe('CHANGED');
  });
});

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

describe('what is left running', () => {
  it.each(halted)('is told %s: %s', (_when, _outcome, document, sentence) => {
    expect(describeServiceOutcome(document)).toBe(sentence);
  });

  it.each(interrupted)(
    'is told of an execution that was interrupted in %s: %s',
    (state, _outcome, _change, given, sentence) => {
      expect(describeServiceOutcome(interruptedIn(state, given))).toBe(sentence);
    },
  );
});
