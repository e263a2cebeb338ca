import { describe, expect, it } from '@jest/globals';
import { brief, calmPath, halted, pathFrom, pathTo, rolledBack, stepsOf, wayBack } from '../support/paths.ts';
import { taskStates } from '../support/wiring.ts';

/** Said once in full, so that a wrong Next is seen: all other tests take their paths from the machine. */
const STEPS = [
  'ClaimService',
  'VerifyRelease',
  'RegisterTaskDefinition',
  'RunMigration',
  'AwaitMigration',
  'UpdateService',
  'AwaitRollout',
  'CheckHealth',
  'CompleteDeployment',
  'Deployed',
];

const WAY_BACK = ['RollBackService', 'AwaitRollback', 'HaltDeployment'];

describe('the machine', () => {
  it('takes a release that migrates first through these steps until it is live', () => {
    expect(stepsOf(calmPath())).toEqual(STEPS);
  });

  it('takes a release that migrates afterwards, or not at all, through the same', () => {
    const migrates = ['RunMigration', 'AwaitMigration'];
    const without = STEPS.filter((state) => !migrates.includes(state));

    expect(stepsOf(calmPath({ migration: 'never' }))).toEqual(without);
    expect(stepsOf(calmPath({ migration: 'after' }))).toEqual(
      without.toSpliced(without.indexOf('CompleteDeployment'), 0, ...migrates),
    );
  });

  it('takes a failed deployment to its halt, and by the last known good where it may', () => {
    expect(halted).toEqual(['MayRollBack', 'HaltDeployment']);
    expect(rolledBack).toEqual(['MayRollBack', ...WAY_BACK]);
  });

  it('has no Task state beside the calm path and the way back', () => {
    expect(new Set([...STEPS.slice(0, -1), ...wayBack])).toEqual(new Set(taskStates));
  });
});

describe('a path', () => {
  it('of a redrive leaves out what stays done', () => {
    expect(calmPath({ resume: 'UpdateService' })).toEqual([
      'ClaimService',
      'ResumeFrom',
      ...pathFrom('UpdateService'),
    ]);
  });

  it('holds as many looks at the health as were needed, and brief each state once', () => {
    const look = ['CheckHealth', 'Healthy'];

    expect(calmPath({ looks: 2 })).toEqual([
      ...pathTo('AwaitRollout'),
      ...look,
      'WaitForTargets',
      ...look,
      ...pathFrom('CheckHealth').slice(2),
    ]);
    expect(brief(calmPath({ looks: 3 }))).toEqual(calmPath());
    expect(brief(pathTo('CheckHealth', { looks: 3 }))).toEqual(pathTo('CheckHealth'));
  });

  it('is refused of a state that it does not have', () => {
    expect(() => pathTo('RollBackService')).toThrow('RollBackService is not on this path');
  });
});
