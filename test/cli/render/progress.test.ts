import { describe, expect, it } from '@jest/globals';
import type { Deployment, EcsDeployment, Service } from '#cli/client/contract.ts';
import { renderHeading } from '#cli/render/deployment.ts';
import { widthOf } from '#cli/render/fit.ts';
import { renderProgress } from '#cli/render/progress.ts';
import { renderTasks } from '#cli/render/tasks.ts';
import { plain, NOW as START } from '../context.ts';
import { begun, idle } from '../fixtures.ts';
import { at, NOW, rolling, running, step } from './rolling.ts';

describe('a deployment under way', () => {
  it('is a picture of its states, its tasks and what ECS said since it began', () => {
    const picture = renderProgress({ deployment: running, service: rolling }, { now: NOW, mark: '⠋' }, plain);

    expect(picture).toBe(`\
webapp-0123456789ab-8  push by Jane Doe  commit 0123456  30 s

  ✓  ClaimService                   0.4 s
  ✓  VerifyRelease                  1.6 s  2 attempts
  ✓  RegisterTaskDefinition         1.0 s
  ✓  UpdateService                  1.0 s
  ⠋  AwaitRollout                    26 s

  new  webapp:8  ▓▓▓▓▓▓▓▒▒▒▒▒▒▒░░░░░░  1/3 running, 0 healthy, 1 starting
  old  webapp:7  ████████████████████  3/3 running, 3 healthy
  █ healthy  ▓ running  ▒ starting  ░ not there yet

  12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with c…

  12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).
  12:00:21  (service webapp-service) has started 1 tasks: (task 2).`);
  });

  it('that waits its turn says for what', () => {
    const deployment = {
      ...running,
      deployment: 'webapp-ba9876543210-9',
      steps: [step('ClaimService', 25, null)],
    };
    const picture = renderProgress(
      // What runs, and fails, is that one's.
      { deployment, service: rolling },
      { now: NOW, mark: '⠙' },
      plain,
    );

    expect(picture.split('\n').slice(2)).toEqual([
      '  waits for webapp-0123456789ab-8 to end',
      '',
      '  ⠙  ClaimService                   5.0 s',
    ]);
  });
});

describe('the picture of a deployment on a small terminal', () => {
  const redriven: Deployment = {
    ...running,
    redriveCount: 1,
    redrivenAt: at(20),
    steps: [
      step('ClaimService', 0, 1),
      step('RunMigration', 1, 2),
      step('AwaitMigration', 2, 5, { error: 'MigrationFailed' }),
      step('HaltDeployment', 5, 6, { error: 'MigrationFailed' }),
      step('HaltDeployment', 19, 20),
      step('ClaimService', 20, 21),
      step('RunMigration', 21, 22),
      step('AwaitMigration', 22, 23),
      step('UpdateService', 23, 24),
      step('AwaitRollout', 24, null),
    ],
  };

  const drawn = (columns: number, rows: number) =>
    renderProgress({ deployment: redriven, service: rolling }, { now: NOW, mark: '⠋', columns, rows }, plain);

  const NEW = '  new  webapp:8  ▓▓▓▓▓▓▓▒▒▒▒▒▒▒░░░░░░  1/3 running, 0 healthy, 1 starting';

  const OLD = '  old  webapp:7  ████████████████████  3/3 running, 3 healthy';

  it('of 80 columns and 20 rows folds the runs before', () => {
    expect(drawn(80, 20)).toBe(`\
webapp-0123456789ab-8  push by Jane Doe  commit 0123456  redriven once  10 s

  ✗  4 states of run 1              6.0 s  MigrationFailed in AwaitMigration
  ✓  HaltDeployment                 1.0 s
  ✓  ClaimService                   1.0 s
  ✓  RunMigration                   1.0 s
  ✓  AwaitMigration                 1.0 s
  ✓  UpdateService                  1.0 s
  ⠋  AwaitRollout                   6.0 s

${NEW}
${OLD}
  █ healthy  ▓ running  ▒ starting  ░ not there yet

  12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with c…

  12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).
  12:00:21  (service webapp-service) has started 1 tasks: (task 2).`);
  });

  it('of 60 columns and 14 rows keeps the heading, the state that runs and the bars', () => {
    expect(drawn(60, 14)).toBe(`\
webapp-0123456789ab-8  commit 0123456  redriven once  10 s

  ✗  4 states of run 1              6.0 s  MigrationFailed …
  ✓  5 states of this run           5.0 s
  ⠋  AwaitRollout                   6.0 s

  new  webapp:8  ▓▓▓▒▒▒░░  1/3 running, 0 healthy, 1 starti…
  old  webapp:7  ████████  3/3 running, 3 healthy
  █ healthy  ▓ running  ▒ starting  ░ not there yet

  12:00:19  ✗ task 89abcdef of webapp:8 stopped: container …`);
  });

  it('of no known size is as wide as 80 columns, and as high as it needs to be', () => {
    const lines = drawn(0, 0).split('\n');

    expect(lines.filter((line) => line.includes('ClaimService'))).toHaveLength(2);
    expect(lines).toHaveLength(21);
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  });

  it.each([
    [24, 80],
    [14, 60],
    [8, 40],
    [2, 12],
    [1, 1],
  ])('is never larger than %i rows, of which the cursor has one, and %i columns', (rows, columns) => {
    const lines = drawn(columns, rows).split('\n');

    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  });
});

describe('a picture with text from Japan', () => {
  const at = (second: number) => new Date(START + second * 1_000).toISOString();
  const ecs: EcsDeployment = {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    taskDefinition: 'arn:aws:ecs:ap-northeast-1:123456789012:task-definition/webapp:8',
    desiredCount: 2,
    runningCount: 1,
    pendingCount: 0,
    healthyCount: 1,
    failedTasks: 0,
    rolloutState: 'FAILED',
    rolloutStateReason: 'サーキットブレーカー',
  };
  const deployment = begun(at(0), {
    deployment: 'webapp-0123456789ab-8',
    trigger: { kind: 'push', requestedBy: '山田太郎 <taro@example.jp>' },
    commit: '0123456789abcdef',
    steps: [{ state: 'AwaitRollout', startedAt: at(0), endedAt: null, attempts: 1 }],
  });
  const service: Service = {
    ...idle,
    running: {
      taskDefinition: ecs.taskDefinition,
      desiredCount: 2,
      runningCount: 1,
      deployments: [ecs],
      targets: null,
      events: [{ at: at(3), message: 'タスクを開始しました: 一号機と二号機' }],
    },
  };

  it('cuts its lines where the terminal ends', () => {
    const tick = { now: START + 5_000, mark: '⠋', columns: 44, rows: 24 };

    expect(renderProgress({ deployment, service }, tick, plain)).toBe(`\
webapp-0123456789ab-8  commit 0123456  5.0 s

  ⠋  AwaitRollout                   5.0 s

  now  webapp:8  ████░░░░  1/2 running, 1 h…
  █ healthy  ░ not there yet

  12:00:03  タスクを開始しました: 一号機と…`);
  });

  it('leaves out of the heading what does not fit', () => {
    const heading = (columns: number) => renderHeading(deployment, START + 5_000, plain, columns);
    const whole = 'webapp-0123456789ab-8  push by 山田太郎  commit 0123456  5.0 s';

    expect(heading(62)).toBe(whole);
    expect(heading(61)).toBe('webapp-0123456789ab-8  commit 0123456  5.0 s');
  });

  it('makes bars as short as the text beside them wants it', () => {
    const [bar] = renderTasks({ deployments: [ecs] }, { columns: 91, isRollout: true }, plain);

    expect(bar).toBe(
      'new  webapp:8  ██████░░░░░░  1/2 running, 1 healthy, rollout failed: サーキットブレーカー',
    );
    expect(widthOf(`  ${bar}`)).toBe(91);
  });
});
