import { describe, expect, it } from '@jest/globals';
import { stepsOf } from '#lib/deployment/record/steps.ts';
import { failed, history } from './histories.ts';

const step = (state: string, from: number, until: number | null, more = {}) => ({
  state,
  startedAt: from * 1000,
  endedAt: until === null ? null : until * 1000,
  attempts: 1,
  ...more,
});

describe('the steps of a deployment', () => {
  it('are its Task states and its end, with start and end; choices are left out', () => {
    const events = history(
      'end Started',
      'enter A',
      'schedule',
      'ok',
      'exit',
      'choose C',
      'chosen',
      'succeed Z',
      'end Succeeded',
    );

    expect(stepsOf(events)).toEqual([step('A', 1, 4), step('Z', 7, 8)]);
  });

  it('are open while they last', () => {
    expect(stepsOf(history('enter A', 'schedule'))).toEqual([step('A', 0, null)]);
  });

  it('count what was retried after a failure as attempts, and forget the failure once a retry went well', () => {
    const events = history('enter A', 'schedule', 'fail Busy', 'schedule', 'ok', 'exit', 'enter B');

    expect(stepsOf(events)).toEqual([step('A', 0, 5, { attempts: 2 }), step('B', 6, null)]);
  });

  it('count no heartbeat that only looked again', () => {
    const events = history(
      'enter A',
      'schedule',
      'late States.Timeout',
      'schedule',
      'late States.Timeout',
      'schedule',
      'ok',
      'exit',
      'enter B',
    );

    expect(stepsOf(events)[0]).toEqual(step('A', 0, 7));
  });

  it('count rounds of one Task and its waits as looks of one step', () => {
    const round = ['enter A', 'schedule', 'ok', 'exit', 'choose C', 'chosen', 'wait W', 'waited'];
    const retried = ['enter A', 'schedule', 'fail Busy', 'schedule', 'ok', 'exit'];

    expect(stepsOf(history(...round, ...round, ...retried, 'enter B'))[0]).toEqual(
      step('A', 0, 21, { attempts: 2, looks: 3 }),
    );
  });

  it.each([
    ['Aborted', 'ExecutionAborted'],
    ['TimedOut', 'States.Timeout'],
  ])('say of the one under way that the execution %s', (kind, error) => {
    expect(stepsOf(history('enter A', 'schedule', `end ${kind}`))).toEqual([step('A', 0, 2, { error })]);
  });

  it('begin again with the step that failed when it is re-driven, whether or not it is entered again', () => {
    const redriven = [...failed, 'end Failed', 'end Redriven'];
    const halted = step('HaltDeployment', 6, 9, { error: 'E' });

    expect(stepsOf(history(...redriven, 'schedule', 'ok', 'exit', 'enter A')).slice(1)).toEqual([
      halted,
      step('HaltDeployment', 11, 13),
      step('A', 14, null),
    ]);
    expect(stepsOf(history(...redriven, 'enter HaltDeployment', 'schedule', 'ok')).slice(1)).toEqual([
      halted,
      step('HaltDeployment', 11, null),
    ]);
  });

  it('are bounded: the newest three hundred', () => {
    const many = Array.from({ length: 400 }, (_, number) => `enter S${number}`);

    const steps = stepsOf(history(...many));

    expect(steps).toHaveLength(300);
    expect(steps.at(-1)?.state).toBe('S399');
  });
});
