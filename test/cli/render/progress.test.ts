import { describe, expect, it } from '@jest/globals';
import type { Deployment } from '#cli/client/contract.ts';
import { renderProgress } from '#cli/render/progress.ts';
import { plain } from '../context.ts';
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
