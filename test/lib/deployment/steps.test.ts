import { describe, expect, it } from '@jest/globals';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';
import { stepsOf, summarizeHistory } from '#lib/deployment/record/steps.ts';

const failureOf = (events: HistoryEvent[]) => summarizeHistory(events).failure;

/** A history in short: one event a second. `enter X`, `exit`, `schedule`, `ok`, `fail E`, `late E`, `end KIND`. */
function history(...lines: string[]): HistoryEvent[] {
  return lines.map((line, second) => ({ timestamp: new Date(second * 1000), ...eventOf(line.split(' ')) }));
}

function eventOf([verb = '', what = '']: string[]): HistoryEvent {
  const cause = JSON.stringify({
    errorMessage: `${what} happened`,
    detail: { exitCode: 3, logTail: ['no'] },
  });
  const events: Record<string, HistoryEvent> = {
    enter: { type: 'TaskStateEntered', stateEnteredEventDetails: { name: what } },
    choose: { type: 'ChoiceStateEntered', stateEnteredEventDetails: { name: what } },
    chosen: { type: 'ChoiceStateExited', stateExitedEventDetails: {} },
    wait: { type: 'WaitStateEntered', stateEnteredEventDetails: { name: what } },
    waited: { type: 'WaitStateExited', stateExitedEventDetails: {} },
    succeed: { type: 'SucceedStateEntered', stateEnteredEventDetails: { name: what } },
    exit: { type: 'TaskStateExited', stateExitedEventDetails: {} },
    schedule: { type: 'TaskScheduled' },
    ok: { type: 'TaskSucceeded' },
    fail: { type: 'TaskFailed', taskFailedEventDetails: { error: what, cause } },
    late: { type: 'TaskTimedOut', taskTimedOutEventDetails: { error: what } },
    end: { type: `Execution${what}` },
  };
  return events[verb] ?? {};
}

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

  const failed = [
    'enter A',
    'schedule',
    'fail E',
    'exit',
    'choose C',
    'chosen',
    'enter HaltDeployment',
    'schedule',
    'fail E',
  ];

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

  it('tell the failure that was caught first, not what failed on the way back', () => {
    const back = ['enter B', 'schedule', 'fail F', 'exit'];

    expect(failureOf(history(...failed.slice(0, 6), ...back, ...failed.slice(6)))).toEqual({
      state: 'A',
      error: 'E',
      message: 'E happened',
      detail: { exitCode: 3, logTail: ['no'] },
    });
  });

  it('tell no failure of an earlier run, of what was retried, or of a deployment that was displaced', () => {
    expect(
      failureOf(history(...failed, 'end Failed', 'end Redriven', 'schedule', 'ok', 'exit')),
    ).toBeUndefined();
    expect(failureOf(history('enter A', 'schedule', 'fail E', 'schedule', 'ok', 'exit'))).toBeUndefined();
    expect(failureOf(history('enter A', 'schedule', 'fail Superseded', 'exit'))).toBeUndefined();
  });
});
