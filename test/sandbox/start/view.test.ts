import type { Build } from '@aws-sdk/client-codebuild';
import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import { describe, expect, it } from '@jest/globals';
import { buildSteps } from '#sandbox/start/build-steps.ts';
import { createProgress } from '#sandbox/start/progress.ts';
import { createScreen } from '#sandbox/start/screen.ts';
import { renderStep, type Step } from '#sandbox/start/steps.ts';
import { createTerminal } from '#sandbox/start/terminal.ts';
import { timeline } from '#sandbox/start/timeline.ts';

const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * 1000);

/** A history from `[seconds, type, state name or error]`. */
function historyOf(...events: [number, HistoryEventType, string?][]): HistoryEvent[] {
  return events.map(([seconds, type, word], index) => ({
    id: index + 1,
    type,
    timestamp: at(seconds),
    ...(type.endsWith('StateEntered') ? { stateEnteredEventDetails: { name: word } } : {}),
    ...(type.endsWith('StateExited') ? { stateExitedEventDetails: { name: word } } : {}),
    ...(type === 'TaskFailed'
      ? { taskFailedEventDetails: { error: word, resourceType: 'lambda', resource: 'invoke' } }
      : {}),
    ...(type === 'ExecutionFailed' ? { executionFailedEventDetails: { error: word } } : {}),
  }));
}

const shown = (steps: Step[]) => steps.map(renderStep).join('\n');

describe('the timeline of an execution', () => {
  it('shows every Task with what it took, and looks at the targets as one step', () => {
    const events = historyOf(
      [0, 'ExecutionStarted'],
      [0, 'TaskStateEntered', 'ClaimService'],
      [0.5, 'TaskSucceeded'],
      [0.6, 'TaskStateExited', 'ClaimService'],
      [0.6, 'ChoiceStateEntered', 'ResumeFrom'],
      [0.6, 'ChoiceStateExited', 'ResumeFrom'],
      [0.6, 'TaskStateEntered', 'CheckHealth'],
      [0.8, 'TaskStateExited', 'CheckHealth'],
      [0.8, 'ChoiceStateEntered', 'Healthy'],
      [0.8, 'ChoiceStateExited', 'Healthy'],
      [0.8, 'WaitStateEntered', 'WaitForTargets'],
      [2.8, 'WaitStateExited', 'WaitForTargets'],
      [2.8, 'TaskStateEntered', 'CheckHealth'],
      [3.1, 'TaskStateExited', 'CheckHealth'],
      [3.1, 'TaskStateEntered', 'CompleteDeployment'],
      [75.14, 'TaskStateExited', 'CompleteDeployment'],
      [75.14, 'SucceedStateEntered', 'Deployed'],
      [75.14, 'SucceedStateExited', 'Deployed'],
      [75.14, 'ExecutionSucceeded'],
    );

    expect(shown(timeline(events))).toBe(
      [
        '  ✓ ClaimService               0.6 s',
        '  ✓ CheckHealth                2.5 s  2 looks',
        '  ✓ CompleteDeployment        72.0 s',
        '  ✓ Deployed                   0.0 s',
      ].join('\n'),
    );
  });

  it('leaves the last step open until another state is entered or the execution has ended', () => {
    const events = historyOf(
      [0, 'TaskStateEntered', 'CheckHealth'],
      [1, 'TaskStateExited', 'CheckHealth'],
      [1, 'WaitStateEntered', 'WaitForTargets'],
    );

    expect(shown(timeline(events))).toBe('  … CheckHealth');
    expect(shown(timeline([...events, ...historyOf([3, 'ExecutionAborted'])]))).toBe(
      '  ✗ CheckHealth                3.0 s  ExecutionAborted',
    );
  });

  it('names what a Task failed with, but not what a retry has made good', () => {
    const events = historyOf(
      [0, 'TaskStateEntered', 'UpdateService'],
      [1, 'TaskFailed', 'AwsUnavailable'],
      [2, 'TaskSucceeded'],
      [2, 'TaskStateExited', 'UpdateService'],
      [2, 'TaskStateEntered', 'AwaitRollout'],
      [4, 'TaskFailed', 'RolloutCrashLoop'],
      [4, 'TaskStateExited', 'AwaitRollout'],
      [4, 'ChoiceStateEntered', 'MayRollBack'],
      [4, 'ChoiceStateExited', 'MayRollBack'],
      [4, 'TaskStateEntered', 'HaltDeployment'],
      [4.5, 'TaskFailed', 'RolloutCrashLoop'],
      [4.5, 'ExecutionFailed', 'RolloutCrashLoop'],
    );

    expect(shown(timeline(events))).toBe(
      [
        '  ✓ UpdateService              2.0 s',
        '  ✗ AwaitRollout               2.0 s  RolloutCrashLoop',
        '  ✗ HaltDeployment             0.5 s  RolloutCrashLoop',
      ].join('\n'),
    );
  });

  it('goes on with a step of its own where the execution was re-driven', () => {
    const events = historyOf(
      [0, 'TaskStateEntered', 'HaltDeployment'],
      [1, 'TaskFailed', 'MigrationFailed'],
      [1, 'ExecutionFailed', 'MigrationFailed'],
      [60, 'ExecutionRedriven'],
      [61, 'TaskSucceeded'],
      [61, 'TaskStateExited', 'HaltDeployment'],
      [61, 'TaskStateEntered', 'ClaimService'],
    );

    expect(shown(timeline(events))).toBe(
      ['  ✗ HaltDeployment             1.0 s  MigrationFailed', '  … ClaimService'].join('\n'),
    );
  });
});

describe('the steps of a build', () => {
  const phase = (phaseType: string, from: number, until: number, phaseStatus = 'SUCCEEDED') => ({
    phaseType,
    phaseStatus,
    startTime: at(from),
    endTime: at(until),
  });

  it('are the phases that it has been through, and the one that it is in', () => {
    const build = {
      buildComplete: false,
      currentPhase: 'BUILD',
      phases: [
        phase('SUBMITTED', 0, 0),
        phase('PRE_BUILD', 0, 1.24),
        { phaseType: 'BUILD', startTime: at(1.24) },
      ],
    } as Build;

    expect(shown(buildSteps(build))).toBe(
      '  ✓ SUBMITTED                  0.0 s\n  ✓ PRE_BUILD                  1.2 s\n  … BUILD',
    );
  });

  it('say why a phase failed', () => {
    const failed = {
      ...phase('BUILD', 0, 2, 'FAILED'),
      contexts: [
        {
          statusCode: 'COMMAND_EXECUTION_ERROR',
          message: 'Error while executing command: set -e\nfalse. Reason: exit status 3',
        },
      ],
    };
    const build = { buildComplete: true, phases: [failed, { phaseType: 'COMPLETED' }] } as Build;

    expect(shown(buildSteps(build))).toBe('  ✗ BUILD                      2.0 s  FAILED: exit status 3');
  });
});

describe('the screen', () => {
  function written(isTTY: boolean, idle?: string) {
    let text = '';
    const terminal = createTerminal({ isTTY, write: (more) => (text += more) });
    return { screen: createScreen(terminal, idle), text: () => text };
  }
  const running = [{ name: 'ClaimService' }];
  const over = [{ name: 'ClaimService', seconds: 1 }, { name: 'VerifyRelease' }];
  const after = [...over.slice(0, 1), { name: 'VerifyRelease', seconds: 2 }];

  it('keeps the running step on the last line of a terminal, and writes each finished one once', () => {
    const { screen, text } = written(true);
    const section = screen.section('Deployment 1');

    for (const steps of [running, running, over, over]) section.show(steps);

    expect(text()).toBe(
      '\nDeployment 1\n  … ClaimService\r\x1b[K  ✓ ClaimService               1.0 s\n  … VerifyRelease',
    );
  });

  it('writes a step when it begins and when it is over where the output is no terminal', () => {
    const { screen, text } = written(false, 'waiting');
    const section = screen.section('Deployment 1');

    for (const steps of [running, running, over, after]) section.show(steps);
    section.close();

    expect(text()).toBe(
      [
        '\nDeployment 1',
        '  … ClaimService',
        '  ✓ ClaimService               1.0 s',
        '  … VerifyRelease',
        '  ✓ VerifyRelease              2.0 s\n',
      ].join('\n'),
    );
  });

  it('repeats the heading where something else was written in between', () => {
    const { screen, text } = written(false);
    const [one, other] = [screen.section('Build 1'), screen.section('Build 2')];

    one.show(running);
    other.show(running);
    one.show(over.slice(0, 1));
    screen.print('live');
    one.show(after);

    expect(text()).toBe(
      [
        '\nBuild 1',
        '\nBuild 2',
        '\nBuild 1, continued',
        '  … ClaimService',
        '\nBuild 2, continued',
        '  … ClaimService',
        '\nBuild 1, continued',
        '  ✓ ClaimService               1.0 s',
        'live',
        '\nBuild 1, continued',
        '  ✓ VerifyRelease              2.0 s\n',
      ].join('\n'),
    );
  });

  it('names all that is running on the last line, and what is waited for where nothing is', () => {
    const { screen, text } = written(true, 'waiting');
    const [one, other] = [screen.section('Build 1'), screen.section('Build 2')];

    one.show(running);
    other.show(running);
    one.close();
    other.close();

    expect(text().split('\r\x1b[K')).toEqual([
      '\nBuild 1\n\nBuild 2\n  … ClaimService',
      '  … ClaimService (Build 1), ClaimService (Build 2)',
      '  … ClaimService',
      'waiting',
    ]);
  });

  it.each([
    [true, '  T s  packaging …\r\x1b[K  T s  packaged\n'],
    [false, '  T s  packaging …\n  T s  packaged\n'],
  ])(
    'says what begins and what is done before there is anything to follow (terminal: %s)',
    (isTTY, lines) => {
      const { screen, text } = written(isTTY);
      const progress = createProgress(screen);

      progress.begin('packaging');
      progress.done('packaged');

      expect(text().replaceAll(/\d\.\d/g, 'T')).toBe(lines);
    },
  );
});
