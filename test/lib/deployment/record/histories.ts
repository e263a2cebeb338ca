import type { HistoryEvent } from '#lib/deployment/history-event.ts';

/** A history in short: one event a second. `enter X`, `exit`, `schedule`, `ok`, `fail E`, `late E`, `end KIND`. */
export function history(...lines: string[]): HistoryEvent[] {
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

/** A run whose Task failed, and which was halted. */
export const failed = [
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
