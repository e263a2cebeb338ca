import { describe, expect, it } from '@jest/globals';
import { findFailure } from '#lib/deployment/record/caught-failure.ts';
import { failed, history } from './histories.ts';

describe('the failure of a run', () => {
  it('is the failure that was caught first, not what failed on the way back', () => {
    const back = ['enter B', 'schedule', 'fail F', 'exit'];

    expect(findFailure(history(...failed.slice(0, 6), ...back, ...failed.slice(6)))).toEqual({
      state: 'A',
      error: 'E',
      message: 'E happened',
      detail: { exitCode: 3, logTail: ['no'] },
    });
  });

  it('is none of an earlier run, of what was retried, or of a deployment that was displaced', () => {
    expect(
      findFailure(history(...failed, 'end Failed', 'end Redriven', 'schedule', 'ok', 'exit')),
    ).toBeUndefined();
    expect(findFailure(history('enter A', 'schedule', 'fail E', 'schedule', 'ok', 'exit'))).toBeUndefined();
    expect(findFailure(history('enter A', 'schedule', 'fail Superseded', 'exit'))).toBeUndefined();
  });
});
