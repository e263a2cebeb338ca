import { describe, expect, it } from '@jest/globals';
import {
  DeploymentError,
  errors,
  errorsWith,
  flagOf,
  isErrorName,
  isTakenOver,
} from '#lib/deployment/errors.ts';

describe('errors', () => {
  it('say what happened, why, and what to do', () => {
    const error = new DeploymentError('ImageNotFound', 'webapp:v9 does not exist in ECR');

    expect(error.message).toBe(
      'The image is not in its repository: webapp:v9 does not exist in ECR; push the image or build the commit again, then redrive.',
    );
    expect(`${error}`).toMatch(/^ImageNotFound: /);
  });

  it('says the remedy of where it was thrown, and beforehand does not speak of a redrive', () => {
    const frozen = new DeploymentError('ServiceFrozen', 'Ann froze webapp');
    const known = new DeploymentError('NotRedrivable', 'Execution is RUNNING', { remedy: 'watch it' });

    expect(frozen.message).toMatch(/; wait until the freeze ends or lift it, then redrive\.$/);
    expect(frozen.refusal).toMatch(/; wait until the freeze ends or lift it, then ask again\.$/);
    expect([known.message, known.refusal]).toEqual(
      Array(2).fill('Step Functions does not redrive this deployment: Execution is RUNNING; watch it.'),
    );
  });

  it.each(Object.entries(errors))('%s reads as one sentence and its remedy', (_name, meaning) => {
    expect(meaning.happened).toMatch(/^([A-Z]|services\.yml ).*[^.]$/);
    expect(meaning.remedy).toMatch(/^[^A-Z].*[^.]$/);
  });
});

describe('the name of an error', () => {
  it('is one of ours, or none', () => {
    expect(['ClaimLost', 'TypeError', 'toString'].map(isErrorName)).toEqual([true, false, false]);
  });

  it('says by its flags what it leaves', () => {
    expect(errorsWith('neverMigrated')).toContain('MigrationNotStarted');
    expect(errorsWith('changedNothing').every((name) => flagOf(name, 'changedNothing') === true)).toBe(true);
    expect(flagOf('TypeError', 'noRollback')).toBeUndefined();
    expect(flagOf(undefined, 'noRollback')).toBeUndefined();
  });

  it('tells whether another deployment has the service by now', () => {
    expect(
      ['ClaimLost', 'NewerReleaseLive', 'RolloutReplaced', 'RolloutCrashLoop', undefined].map(isTakenOver),
    ).toEqual([true, true, false, false, false]);
  });
});
