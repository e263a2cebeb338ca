import { describe, expect, it } from '@jest/globals';
import { decideFailed, lastReasonOf, stripFullStop } from '#lib/deployment/rollout/decision.ts';
import { NOON, stoppedTask, taskArn } from '../fixtures.ts';

const older = stoppedTask({ taskArn: taskArn('older'), stoppedAt: NOON - 1 });
const newer = stoppedTask({
  taskArn: taskArn('newer'),
  stoppedAt: NOON,
  containers: [{ name: 'webapp', essential: true, exitCode: 7 }],
});

describe('a rollout that failed', () => {
  it('has its reason for a detail', () => {
    expect(decideFailed('RolloutTimedOut', '0 of 2 run')).toMatchObject({
      verdict: 'failed',
      error: { name: 'RolloutTimedOut', detail: { reason: '0 of 2 run' } },
    });
  });

  it('by crashes has what is known of the task that stopped last', () => {
    expect(decideFailed('RolloutCrashLoop', '2 tasks stopped', [older, newer])).toMatchObject({
      error: {
        name: 'RolloutCrashLoop',
        detail: { taskArn: taskArn('newer'), container: 'webapp', exitCode: 7 },
      },
    });
  });
});

describe('the reason of the last crash', () => {
  it('is that of the task that stopped last, without its full stop', () => {
    const explained = stoppedTask({ stopCode: undefined, stoppedReason: 'Out of room. ', containers: [] });

    expect(lastReasonOf([older, newer])).toMatch(/^container webapp exited with code 7, /);
    expect(lastReasonOf([explained])).toBe('Out of room');
    expect(lastReasonOf([])).toBe('ECS gives no reason');
  });
});

describe('a full stop', () => {
  it('is taken off the end only', () => {
    expect(['done.', 'done. ', 'v1.2 is done', 'done'].map(stripFullStop)).toEqual([
      'done',
      'done',
      'v1.2 is done',
      'done',
    ]);
  });
});
