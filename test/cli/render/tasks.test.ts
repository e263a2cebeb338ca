import { describe, expect, it } from '@jest/globals';
import type { EcsDeployment, FailedTask } from '#cli/client/contract.ts';
import { describeFailedTasks, describeTasks, renderTasks } from '#cli/render/tasks.ts';
import { plain } from '../context.ts';
import { at, NOW, old, rolling, tasks } from './rolling.ts';

describe('tasks', () => {
  const NOT_YET = '░ not there yet';

  it.each<[string, Partial<EcsDeployment>, ...string[]]>([
    ['none yet', {}, 'new  webapp:8  ░░░░░░░░░░░░░░░░░░░░  0/3 running', NOT_YET],
    [
      'all, and nobody can tell whether they are healthy',
      { runningCount: 3, healthyCount: null },
      'new  webapp:8  ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓  3/3 running',
      '▓ running',
    ],
    [
      'some healthy, some running, some starting',
      { desiredCount: 4, runningCount: 2, pendingCount: 1, healthyCount: 1 },
      'new  webapp:8  █████▓▓▓▓▓▒▒▒▒▒░░░░░  2/4 running, 1 healthy, 1 starting',
      '█ healthy  ▓ running  ▒ starting  ░ not there yet',
    ],
    [
      'few of many',
      { desiredCount: 100, runningCount: 98, pendingCount: 1, healthyCount: 97 },
      'new  webapp:8  █████████████████▓▒░  98/100 running, 97 healthy, 1 starting',
      '█ healthy  ▓ running  ▒ starting  ░ not there yet',
    ],
    [
      'of a service scaled to nothing',
      { desiredCount: 0 },
      'new  webapp:8  ░░░░░░░░░░░░░░░░░░░░  0/0 running',
    ],
    [
      'that fail',
      { failedTasks: 4, pendingCount: 3 },
      'new  webapp:8  ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒  0/3 running, 3 starting, 4 failed',
      '▒ starting',
    ],
    [
      'that ECS gave up',
      { rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker' },
      'new  webapp:8  ░░░░░░░░░░░░░░░░░░░░  0/3 running, rollout failed: circuit breaker',
      NOT_YET,
    ],
  ])('%s', (_, deployment, ...lines) => {
    expect(
      renderTasks({ deployments: [tasks(deployment)] }, { columns: 100, isRollout: true }, plain),
    ).toEqual(lines);
  });

  it('keep their line on a narrow terminal by a shorter bar', () => {
    const deployments = [tasks({ runningCount: 2, healthyCount: 1 }), { ...old, runningCount: 12 }];

    expect(renderTasks({ deployments }, { columns: 53, isRollout: true }, plain).slice(0, 2)).toEqual([
      'new  webapp:8  ████▓▓▓▓░░░░  2/3 running, 1 healthy',
      'old  webapp:7  ▓▓▓▓▓▓▓▓▓▓▓▓  12/3 running',
    ]);
  });

  it('are told in a log in sentences', () => {
    const deployments = [
      tasks({ desiredCount: 2, runningCount: 2, healthyCount: 1 }),
      { ...old, runningCount: 1 },
      tasks({ desiredCount: 1, failedTasks: 2 }),
    ];

    expect(describeTasks({ deployments }, true)).toEqual([
      '2 of 2 new tasks run (webapp:8), 1 healthy',
      '1 old task runs (webapp:7)',
      '0 of 1 new task runs (webapp:8), 2 failed',
    ]);
  });

  it('are told with their reason when they fail, also while they are about to stop', () => {
    const [failedTask] = rolling.running?.failedTasks ?? [];
    const failedTasks = [{ ...failedTask, stoppedAt: null }, failedTask] as FailedTask[];

    expect(describeFailedTasks({ failedTasks }, at(19), NOW)).toEqual([
      expect.stringMatching(/^12:00:19 {2}✗ task 89abcdef of webapp:8 stopped: container webapp exited/),
      expect.stringMatching(/^12:00:30 {2}✗ task 89abcdef of webapp:8 stops: container webapp exited/),
    ]);
    expect(describeFailedTasks({ failedTasks: failedTasks.slice(1) }, at(20), NOW)).toEqual([]);
  });
});
