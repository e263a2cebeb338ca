import type { Deployment, EcsDeployment, Service, Step } from '#cli/client/contract.ts';
import { idle } from '../fixtures.ts';

/** A service that is being deployed, and its deployment. */

export const NOW = Date.parse('2030-01-31T12:00:30.000Z');

export const at = (second: number) => new Date(NOW - 30_000 + second * 1_000).toISOString();

export const step = (state: string, from: number, to: number | null, rest: Partial<Step> = {}): Step => ({
  state,
  startedAt: at(from),
  endedAt: to === null ? null : at(to),
  attempts: 1,
  ...rest,
});

export const tasks = (rest: Partial<EcsDeployment>): EcsDeployment => ({
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:8',
  desiredCount: 3,
  runningCount: 0,
  pendingCount: 0,
  failedTasks: 0,
  ...rest,
});

export const old = tasks({
  id: 'ecs-svc/1',
  status: 'ACTIVE',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:7',
});

export const rolling: Service = {
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

export const running: Deployment = {
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

export const failed: Deployment = {
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
