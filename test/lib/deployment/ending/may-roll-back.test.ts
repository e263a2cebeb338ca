import { describe, expect, it } from '@jest/globals';
import { findRollbackObstacle, mayRollBack } from '#lib/deployment/ending/may-roll-back.ts';
import { NOON, settings, taskArn } from '../fixtures.ts';
import { failure, rolledOut } from './failed.ts';

const incompatible = settings({ migration: { overrides: 'm.json', backwardCompatible: false } });
const migration = { attempt: 1, taskArn: taskArn('1'), deadline: NOON, status: 'succeeded' as const };

describe('between a failed deployment and its rollback', () => {
  it('stands nothing where the service was touched, and a good release is known', () => {
    expect(findRollbackObstacle(rolledOut())).toBeUndefined();
    expect(mayRollBack(rolledOut())).toBe(true);
  });

  it.each([
    ['untouched', { rollout: undefined, failure: failure({ state: 'AwaitMigration' }) }],
    [
      'untouched',
      { rollout: undefined, failure: failure({ state: 'UpdateService', error: 'RolloutRejected' }) },
    ],
    ['live', { failure: failure({ state: 'CompleteDeployment' }) }],
    ['nothingGood', { lastKnownGood: null }],
    ['forbidden', { failure: failure({ error: 'ServiceFrozen' }) }],
    ['manual', { settings: settings({ rollback: 'manual' }) }],
    ['schemaAhead', { settings: incompatible, migration }],
  ])('stands %s', (obstacle, given) => {
    expect(findRollbackObstacle(rolledOut(given))).toBe(obstacle);
    expect(mayRollBack(rolledOut(given))).toBe(false);
  });
});
