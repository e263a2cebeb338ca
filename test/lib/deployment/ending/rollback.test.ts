import { describe, expect, it } from '@jest/globals';
import { chooseRollbackTarget } from '#lib/deployment/ending/rollback.ts';
import { good, item } from '../claim/gone-live.ts';

describe('a rollback that names nothing goes', () => {
  const claim = { owner: 'arn', redriveCount: 0, deployment: 'webapp-9', since: 0 };

  it('to the release before the last known good, where that runs', () => {
    expect(chooseRollbackTarget(item('3', '2', '1'), 'webapp:3').deployment).toBe('webapp-2');
  });

  it('to the last known good, where something else runs or is being deployed', () => {
    expect(chooseRollbackTarget(item('3', '2'), 'webapp:4').deployment).toBe('webapp-3');
    expect(chooseRollbackTarget({ ...item('3', '2'), claim }, 'webapp:3').deployment).toBe('webapp-3');
  });

  it('past what is the same image of the same commit, deployed twice: that would undo nothing', () => {
    const again = item('3', '2', '1');
    const twice = { ...again, lastKnownGood: { ...good('3'), digest: good('2').digest } };

    expect(chooseRollbackTarget(twice, 'webapp:3').deployment).toBe('webapp-1');
    const configured = { ...twice, lastKnownGood: { ...twice.lastKnownGood, commit: 'c'.repeat(40) } };
    expect(chooseRollbackTarget(configured, 'webapp:3').deployment).toBe('webapp-2');
  });

  it.each([
    ['nothing has gone live', item(), undefined, 'nothing of webapp has gone live yet'],
    ['none is remembered', item('1'), 'webapp:1', 'webapp-1 is live, and no other release before it'],
  ])('nowhere where %s', (_, given, running, why) => {
    expect(() => chooseRollbackTarget(given, running)).toThrow(why);
  });
});
