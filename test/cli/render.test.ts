import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import type {
  Deployment,
  DryRun,
  EcsDeployment,
  FailedTask,
  LogLine,
  Logs,
  Service,
  Step,
} from '#cli/client/contract.ts';
import { CliError } from '#cli/errors.ts';
import { renderHeading } from '#cli/render/deployment.ts';
import { renderDiff, renderVerification } from '#cli/render/dry-run.ts';
import { renderError } from '#cli/render/error.ts';
import { formatDuration } from '#cli/render/format.ts';
import { renderHistory } from '#cli/render/history.ts';
import { completenessNotesOf, createLineRenderer } from '#cli/render/lines.ts';
import { renderNews } from '#cli/render/log.ts';
import { renderOutcome } from '#cli/render/outcome.ts';
import { renderProgress } from '#cli/render/progress.ts';
import { renderService } from '#cli/render/service.ts';
import { renderServices } from '#cli/render/services.ts';
import { describeFailedTasks, describeTasks, renderTasks } from '#cli/render/tasks.ts';
import { consoleAddressOf } from '#lib/deployment/notify/console.ts';
import { plain } from './context.ts';
import { idle } from './fixtures.ts';

const NOW = Date.parse('2030-01-31T12:00:30.000Z');
const at = (second: number) => new Date(NOW - 30_000 + second * 1_000).toISOString();

const step = (state: string, from: number, to: number | null, rest: Partial<Step> = {}): Step => ({
  state,
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  attempts: 1,
  ...rest,
});

const tasks = (rest: Partial<EcsDeployment>): EcsDeployment => ({
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:8',
  desiredCount: 3,
  runningCount: 0,
  pendingCount: 0,
  failedTasks: 0,
  ...rest,
});

const old = tasks({
  id: 'ecs-svc/1',
  status: 'ACTIVE',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:7',
});

const rolling: Service = {
  ...idle,
  running: {
    taskDefinition: tasks({}).taskDefinition,
    desiredCount: 3,
    runningCount: 4,
    deployments: [
      tasks({ runningCount: 1, pendingCount: 1, healthyCount: 0 }),
      { ...old, runningCount: 3, healthyCount: 3 },
    ],
    targets: { healthy: 3, unhealthy: 0, initial: 1, draining: 0, other: 0 },
    failedTasks: [
      {
        taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/ecs-cluster/89abcdef0123',
        ecsDeployment: 'ecs-svc/2',
        taskDefinition: tasks({}).taskDefinition,
        stoppedAt: at(19),
        reason:
          'container webapp exited with code 1, EssentialContainerExited: Essential container in task exited',
        container: 'webapp',
        exitCode: 1,
      },
      {
        taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/ecs-cluster/fedcba987654',
        ecsDeployment: 'ecs-svc/1',
        taskDefinition: old.taskDefinition,
        stoppedAt: at(-600),
        reason: 'ServiceSchedulerInitiated: Task failed ELB health checks in (elb webapp)',
      },
    ],
    events: [
      { at: at(21), message: '(service webapp-service) has started 1 tasks: (task 2).' },
      { at: at(20), message: '(service webapp-service) has stopped 1 running tasks: (task 1).' },
      { at: at(-900), message: '(service webapp-service) has reached a steady state.' },
    ],
  },
  claim: { deployment: 'webapp-0123456789ab-8', execution: 'arn:8', since: at(0) },
  waiter: { deployment: 'webapp-ba9876543210-9', execution: 'arn:9', since: at(25) },
  freeze: {
    reason: 'the sale',
    requestedBy: 'arn:aws:sts::123456789012:assumed-role/operator/jane',
    until: null,
  },
  lastKnownGood: {
    deployment: 'webapp-aaaaaaaaaaaa-7',
    taskDefinition: old.taskDefinition,
    commit: 'aaaaaaaaaaaabbbb',
    at: at(-7_170),
  },
};

const running: Deployment = {
  runs: [],
  deployment: 'webapp-0123456789ab-8',
  service: 'webapp',
  execution: 'arn:aws:states:eu-west-1:123456789012:execution:landfall-prod:webapp-0123456789ab-8',
  status: 'RUNNING',
  correlationId: 'landfall-dev-webapp:3f1c',
  trigger: { kind: 'push', requestedBy: 'Jane Doe <jane@example.com>' },
  redriveCount: 0,
  startedAt: at(0),
  endedAt: null,
  digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  commit: '0123456789abcdef',
  steps: [
    step('ClaimService', 0, 0.4),
    step('VerifyRelease', 0.4, 2, { attempts: 2 }),
    step('RegisterTaskDefinition', 2, 3),
    step('UpdateService', 3, 4),
    step('AwaitRollout', 4, null),
  ],
  failure: null,
};

const failed: Deployment = {
  ...running,
  status: 'FAILED',
  endedAt: at(95),
  serviceOutcome: 'UNTOUCHED',
  error: 'MigrationFailed',
  message:
    'AwaitMigration failed with MigrationFailed.\nThe migration failed: it exited 3; fix its cause.\nLast log lines:\n  boom',
  steps: [
    step('RunMigration', 4, 5),
    step('AwaitMigration', 5, 90, { error: 'MigrationFailed' }),
    step('HaltDeployment', 90, 95, { error: 'MigrationFailed' }),
  ],
  failure: { state: 'AwaitMigration', error: 'MigrationFailed', message: 'It failed.', logTail: ['boom'] },
};

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

  it.each([
    [1, undefined, 'redriven once'],
    [1, 'arn:aws:iam::123456789012:user/joe', 'redriven once by joe'],
    [3, 'arn:aws:sts::123456789012:assumed-role/operator/joe', 'redriven 3 times, last by joe'],
  ])('that was redriven %d times by %s says so in its heading', (redriveCount, redriveRequestedBy, words) => {
    const deployment = {
      ...running,
      redriveCount,
      ...(redriveRequestedBy === undefined ? {} : { redriveRequestedBy }),
    };

    expect(renderHeading(deployment, NOW, plain)).toBe(
      `webapp-0123456789ab-8  push by Jane Doe  commit 0123456  ${words}  30 s`,
    );
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

  it('is told in a log by what is new, a state when it is entered and when it is left', () => {
    const before = { deployment: { ...running, steps: [step('UpdateService', 3, null)] }, service: idle };
    const steps = [step('UpdateService', 3, 4), step('AwaitRollout', 4, null)];
    const after = { deployment: { ...running, steps }, service: rolling };

    expect(renderNews(undefined, before, NOW, plain)).toEqual([
      '12:00:30  webapp-0123456789ab-8  push by Jane Doe  commit 0123456  30 s',
      '12:00:03  … UpdateService',
    ]);
    expect(renderNews(before, after, NOW, plain)).toEqual([
      '12:00:04  ✓  UpdateService                  1.0 s',
      '12:00:04  … AwaitRollout',
      '12:00:30  1 of 3 new tasks run (webapp:8), 0 healthy, 1 starting',
      '12:00:30  3 old tasks run (webapp:7), 3 healthy',
      '12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with code 1, EssentialContainerExited: Essential container in task exited',
      '12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).',
      '12:00:21  (service webapp-service) has started 1 tasks: (task 2).',
    ]);
    expect(renderNews(after, after, NOW + 1_000, plain)).toEqual([]);
  });

  it('tells a state again that a redrive entered again', () => {
    const once = { deployment: { ...running, steps: [step('AwaitRollout', 4, 5)] }, service: idle };
    const steps = [step('AwaitRollout', 4, 5), step('AwaitRollout', 10, null)];

    expect(renderNews(once, { ...once, deployment: { ...running, steps } }, NOW, plain)).toEqual([
      '12:00:10  … AwaitRollout',
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

describe('the end of a deployment', () => {
  const ended: Deployment = { ...running, endedAt: at(95) };

  it.each<[string, Deployment, string]>([
    [
      'live',
      { ...ended, status: 'SUCCEEDED', taskDefinition: tasks({}).taskDefinition },
      '✓ webapp-0123456789ab-8 is live after 1 min 35 s: webapp:8\n',
    ],
    [
      'superseded',
      {
        ...ended,
        status: 'SUPERSEDED',
        message:
          'Another deployment took the place of this one: webapp-1 (0123456) took its place in the queue.',
      } as Deployment,
      `\
– webapp-0123456789ab-8 was superseded

  Another deployment took the place of this one: webapp-1 (0123456) took its place in the queue.
`,
    ],
    [
      'refused because a newer release is live',
      {
        ...failed,
        error: 'NewerReleaseLive',
        message: 'A redrive is refused: a newer release has gone live.',
      } as Deployment,
      `\
✗ webapp-0123456789ab-8 failed: NewerReleaseLive after 1 min 35 s

  A redrive is refused: a newer release has gone live.

Deploy it all the same: landfall deploy webapp --commit 0123456789abcdef
`,
    ],
    [
      'failed, nothing touched',
      failed,
      `\
✗ webapp-0123456789ab-8 failed: MigrationFailed after 1 min 35 s

  AwaitMigration failed with MigrationFailed.
  The migration failed: it exited 3; fix its cause.
  Last log lines:
    boom

Go on where it failed: landfall redrive webapp-0123456789ab-8
`,
    ],
    [
      'failed without a message',
      { ...failed, message: undefined } as unknown as Deployment,
      `\
✗ webapp-0123456789ab-8 failed: MigrationFailed after 1 min 35 s

  AwaitMigration failed with MigrationFailed.
  It failed.
  Last log lines:
    boom

The service was not touched: it runs what it ran before.
Go on where it failed: landfall redrive webapp-0123456789ab-8
`,
    ],
    [
      'aborted in the middle of a rollout',
      { ...ended, status: 'ABORTED', serviceOutcome: 'CHANGED' },
      `\
✗ webapp-0123456789ab-8 was aborted after 1 min 35 s

  It ended in AwaitRollout.

The service may not run what it should: a person has to look.
Go on where it failed: landfall redrive webapp-0123456789ab-8
See what runs:         landfall status webapp
`,
    ],
    [
      'that nobody could account for yet',
      { ...ended, status: 'TIMED_OUT', message: 'The execution ran into its timeout.' },
      `\
✗ webapp-0123456789ab-8 ran past the time that an execution may take after 1 min 35 s

  The execution ran into its timeout.

It is not known what the service runs now: a person has to look.
Go on where it failed: landfall redrive webapp-0123456789ab-8
See what runs:         landfall status webapp
`,
    ],
  ])('is told: %s', (_, deployment, text) => {
    expect(renderOutcome(deployment, plain)).toBe(text);
  });
});

describe('a service', () => {
  it('is told with all that is known of it', () => {
    expect(renderService(rolling, { now: NOW }, plain)).toBe(`\
webapp  webapp-service on ecs-cluster

  runs       webapp:8 1/3, webapp:7 3/3
  good       webapp-aaaaaaaaaaaa-7, commit aaaaaaa, as webapp:7 for 2 h 00 min
  deploying  webapp-0123456789ab-8, for 30 s
  waiting    webapp-ba9876543210-9, for 5.0 s
  frozen     until it is lifted, by jane: the sale

  now  webapp:8  ▓▓▓▓▓▓▓▒▒▒▒▒▒▒░░░░░░  1/3 running, 0 healthy, 1 starting
  old  webapp:7  ████████████████████  3/3 running, 3 healthy
  █ healthy  ▓ running  ▒ starting  ░ not there yet

  11:50:00  ✗ task fedcba98 of webapp:7 stopped: ServiceSchedulerInitiated: Task failed ELB health checks in (elb webapp)
  12:00:19  ✗ task 89abcdef of webapp:8 stopped: container webapp exited with code 1, EssentialContainerExited: Essential container in task exited

  11:45:00  (service webapp-service) has reached a steady state.
  12:00:20  (service webapp-service) has stopped 1 running tasks: (task 1).
  12:00:21  (service webapp-service) has started 1 tasks: (task 2).
`);
  });

  it('that has never been deployed is told in five lines', () => {
    expect(renderService(idle, { now: NOW }, plain)).toBe(`\
webapp  webapp-service on ecs-cluster

  runs   nothing
  state  ready
  good   no release has gone live yet
`);
  });

  it('has a line in the list', () => {
    const frozen = { ...rolling, service: 'shop', claim: null };

    expect(renderServices([rolling, frozen, { ...idle, service: 'api' }], NOW, plain)).toBe(`\
SERVICE  RUNS                        LAST KNOWN GOOD           STATE                                                                                  LAST DEPLOYMENT
webapp   webapp:8 1/3, webapp:7 3/3  webapp:7, 2 h 00 min ago  deploying webapp-0123456789ab-8                                                        –
shop     webapp:8 1/3, webapp:7 3/3  webapp:7, 2 h 00 min ago  failing: a task failed 11 s ago; not the last known good (webapp:7); frozen: the sale  –
api      –                           –                         ready                                                                                  –
`);
  });
});

describe('the log of a deployment', () => {
  const line = (rest: Partial<LogLine>): LogLine => ({
    at: at(20),
    task: '89abcdef0123',
    container: 'webapp',
    message: 'listening on port 80',
    ...rest,
  });
  const source: Logs['sources'][number] = {
    task: '89abcdef0123',
    container: 'webapp',
    migration: false,
    lastStatus: 'RUNNING',
    from: 'logs',
    logGroup: '/ecs/webapp',
    logStream: 'webapp/webapp/89abcdef0123',
    problem: null,
  };
  const answer = { deployment: 'webapp-0123456789ab-8', sources: [source], truncated: false };

  it('is lines with their time, task and container', () => {
    const lines = [
      line({}),
      line({ task: 'fedcba987654', message: 'Error: no\n    at main.js:1\n' }),
      line({ at: null, message: 'boom' }),
    ];

    expect(lines.map(createLineRenderer(plain)).join('')).toBe(`\
12:00:20  89abcdef webapp  listening on port 80
12:00:20  fedcba98 webapp  Error: no
12:00:20  fedcba98 webapp      at main.js:1
          89abcdef webapp  boom
`);
  });

  it('has a colour of its own for each task', () => {
    const render = createLineRenderer(pc.createColors(true));
    const [first, second, third] = [line({}), line({ task: 'fedcba987654' }), line({})].map(render);

    expect(first).toBe(
      '\u001b[2m12:00:20\u001b[22m  \u001b[36m89abcdef webapp\u001b[39m  listening on port 80\n',
    );
    expect(second).toContain('\u001b[33mfedcba98 webapp\u001b[39m');
    expect(third).toBe(first);
  });

  it.each<[string, Partial<typeof answer>, string[]]>([
    ['says nothing where it is all there', {}, []],
    [
      'says when ECS knows nothing any more',
      { sources: [] },
      [
        'ECS shows no task of webapp-0123456789ab-8: it forgets them an hour after they have stopped. Their lines are in CloudWatch Logs.',
      ],
    ],
    [
      'says what it cannot read, what the record keeps, and that there is more',
      {
        sources: [
          { ...source, from: 'record' },
          { ...source, problem: 'it writes its log with the driver json-file' },
        ],
        truncated: true,
      },
      [
        'ECS has forgotten the task 89abcdef: of webapp the record keeps these last lines. All are in CloudWatch Logs.',
        'There is nothing of webapp of task 89abcdef: it writes its log with the driver json-file.',
        'There are more containers than are shown: name one with --container.',
      ],
    ],
  ])('%s', (_, rest, notes) => {
    expect(completenessNotesOf({ ...answer, ...rest })).toEqual(notes);
  });
});

describe('a history', () => {
  it('is a table, the failures with their names', () => {
    const live: Deployment = {
      ...running,
      status: 'SUCCEEDED',
      endedAt: at(8),
      taskDefinition: tasks({}).taskDefinition,
    };
    const { commit: _, ...byImage } = running;

    expect(renderHistory([{ ...byImage, trigger: { kind: 'image' } }, live, failed], NOW, plain)).toBe(`\
DEPLOYMENT             STATUS     RELEASE              TRIGGER           STARTED               TOOK
webapp-0123456789ab-8  RUNNING    sha256:0123456789ab  image             2030-01-31 12:00:00Z  30 s
webapp-0123456789ab-8  SUCCEEDED  commit 0123456       push by Jane Doe  2030-01-31 12:00:00Z  8.0 s       webapp:8
webapp-0123456789ab-8  FAILED     commit 0123456       push by Jane Doe  2030-01-31 12:00:00Z  1 min 35 s  MigrationFailed, nothing touched
`);
  });

  it('may be empty', () => {
    expect(renderHistory([], NOW, plain)).toBe('Nothing has been deployed yet.\n');
  });
});

describe('a dry run', () => {
  const answer: DryRun = {
    service: 'webapp',
    digest: 'sha256:b',
    taskDefinition: [
      { path: 'containerDefinitions[webapp].image', from: 'webapp@sha256:a', to: 'webapp@sha256:b' },
      { path: 'containerDefinitions[webapp].cpu', from: 256, to: null },
      { path: 'containerDefinitions[sidecar]', from: null, to: { name: 'sidecar', image: 'proxy' } },
    ],
    serviceDefinition: [],
    verification: {
      passed: false,
      problem: { error: 'RoleNotFound', message: 'The role webapp is missing.' },
    },
    claim: null,
    waiter: null,
    freeze: null,
  };

  it('is a diff', () => {
    expect(renderDiff(answer, plain)).toBe(`\
Task definition
  containerDefinitions[webapp].image
  - webapp@sha256:a
  + webapp@sha256:b
  containerDefinitions[webapp].cpu
  - 256
  containerDefinitions[sidecar]
  + {
  +   "name": "sidecar",
  +   "image": "proxy"
  + }

Service: no changes
`);
  });

  it('and a verdict', () => {
    expect(renderVerification(answer, plain)).toBe('✗ RoleNotFound\n  The role webapp is missing.\n');
    expect(renderVerification({ ...answer, verification: { passed: true, problem: null } }, plain)).toBe(
      '✓ the pre-flight passes\n',
    );
  });

  it('and who is in the way', () => {
    const claim = { deployment: 'webapp-1', execution: 'arn', since: at(0) };
    const freeze = { reason: 'the sale', requestedBy: 'arn:aws:iam::123456789012:user/jane', until: null };

    expect(
      renderVerification(
        {
          verification: { passed: true, problem: null },
          claim,
          waiter: { ...claim, deployment: 'webapp-2' },
          freeze: null,
        },
        plain,
      ),
    ).toBe(`\
✓ the pre-flight passes
  webapp-1 is under way: this one would wait for its turn
  webapp-2 waits: this one would take its place
`);
    expect(renderVerification({ ...answer, freeze }, plain)).toBe(`\
✗ RoleNotFound
  The role webapp is missing.
  frozen until it is lifted, by jane: the sale
`);
  });
});

describe('an error', () => {
  it('is its name, why, and what to do', () => {
    const error = new CliError('ServiceFrozen', 'The service is frozen.', {
      exitCode: 1,
      remedy: 'See also: landfall status webapp',
    });

    expect(renderError(error, plain)).toBe(
      'ServiceFrozen: The service is frozen.\nSee also: landfall status webapp\n',
    );
  });

  it("that is the command's own fault has no stack", () => {
    expect(renderError(new TypeError('x is undefined'), plain)).toBe(
      'InternalError: the landfall command is at fault: x is undefined\n',
    );
  });
});

describe('words', () => {
  it.each([
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [65_000, '1 min 05 s'],
    [3_720_000, '1 h 02 min'],
    [100_000_000, '1 d 3 h'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [
      'arn:aws:states:eu-west-1:1:execution:m:n',
      'https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:1:execution:m:n',
    ],
    [
      'arn:aws-cn:states:cn-north-1:1:execution:m:n',
      'https://cn-north-1.console.amazonaws.cn/states/home?region=cn-north-1#/v2/executions/details/arn:aws-cn:states:cn-north-1:1:execution:m:n',
    ],
  ])('the console shows %s', (execution, address) => {
    expect(consoleAddressOf(execution)).toBe(address);
  });
});
