import { describe, expect, it } from '@jest/globals';
import type { DeploymentSummary, EcsDeployment, FailedTask, Service } from '#cli/client/contract.ts';
import { renderService } from '#cli/render/service.ts';
import { renderServices } from '#cli/render/services.ts';
import { plain } from './context.ts';
import { idle } from './fixtures.ts';

const NOW = Date.parse('2030-01-31T12:00:00.000Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:${revision}`;

const deployed = (revision: number, rest: Partial<EcsDeployment> = {}): EcsDeployment => ({
  id: `ecs-svc/${revision}`,
  status: 'PRIMARY',
  taskDefinition: arn(revision),
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  failedTasks: 0,
  ...rest,
});

type Running = NonNullable<Service['running']>;

/** webapp:5 is the last known good, and nobody deploys. */
const service = (deployments: EcsDeployment[], rest: Partial<Running> = {}): Service => ({
  ...idle,
  running: {
    taskDefinition: deployments[0]?.taskDefinition ?? '',
    desiredCount: 2,
    runningCount: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
    deployments,
    targets: { healthy: 2, unhealthy: 0, initial: 0, draining: 0, other: 0 },
    failedTasks: [],
    events: [],
    ...rest,
  },
  lastKnownGood: { deployment: 'webapp-5', taskDefinition: arn(5), at: ago(3_600) },
});

const failedTask = (revision: number, stoppedAt: string | null): FailedTask => ({
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/ecs-cluster/89abcdef',
  ecsDeployment: 'ecs-svc/1',
  taskDefinition: arn(revision),
  stoppedAt,
  reason: 'boom',
});

const stateOf = (found: Service) =>
  renderService(found, { now: NOW }, plain)
    .split('\n')
    .find((line) => line.startsWith('  state'))
    ?.replace(/^ {2}state +/, '');

describe('the state of a service that nobody deploys', () => {
  it.each<[string, Service]>([
    ['ready', service([deployed(5)])],
    ['ready', service([deployed(5)], { failedTasks: [failedTask(5, ago(301))] })],
    ['ready', service([deployed(5)], { failedTasks: [failedTask(4, ago(3))] })],
    ['gone from its cluster', { ...service([]), running: null }],
    ['not the last known good (webapp:5)', service([deployed(8)])],
    ['unhealthy: 1 of 2 tasks run', service([deployed(5, { runningCount: 1 })])],
    [
      'unhealthy: 1 of 3 targets',
      service([deployed(5)], { targets: { healthy: 1, unhealthy: 1, initial: 0, draining: 1, other: 0 } }),
    ],
    ['unhealthy: 1 of 2 tasks healthy', service([deployed(5, { healthyCount: 1 })], { targets: null })],
    ['ready', service([deployed(5, { healthyCount: null })], { targets: null })],
    [
      'failing: a task failed 1 min 00 s ago',
      service([deployed(5)], { failedTasks: [failedTask(5, ago(60))] }),
    ],
    ['failing: a task failed just now', service([deployed(5)], { failedTasks: [failedTask(5, null)] })],
    ['failing: ECS gave its rollout up', service([deployed(5, { rolloutState: 'FAILED' })])],
    [
      'failing: 3 tasks failed; not the last known good (webapp:5)',
      service([deployed(8, { runningCount: 0, failedTasks: 3 }), deployed(5, { status: 'ACTIVE' })]),
    ],
  ])('is %s', (state, found) => {
    expect(stateOf(found)).toBe(state);
  });
});

describe('the last deployment', () => {
  const latest: DeploymentSummary = {
    deployment: 'webapp-8',
    service: 'webapp',
    execution: 'arn:8',
    correlationId: 'webapp-8',
    status: 'FAILED',
    trigger: { kind: 'image' },
    redriveCount: 0,
    startedAt: ago(240),
    endedAt: ago(185),
    digest: 'sha256:8',
    serviceOutcome: 'ROLLED_BACK',
    error: 'RolloutCrashLoop',
  };

  it('that was stopped is not told twice', () => {
    const stopped: DeploymentSummary = {
      ...latest,
      status: 'ABORTED',
      error: 'Aborted',
      serviceOutcome: 'CHANGED',
    };
    const all = renderServices([{ ...service([deployed(5)]), latest: stopped }], NOW, plain);

    expect(all).toMatch(/ABORTED, left changed, 3 min 05 s ago\n$/);
  });

  it('is shown with its end', () => {
    const one = renderService({ ...service([deployed(5)]), latest }, { now: NOW }, plain);
    const all = renderServices([{ ...service([deployed(5)]), latest }], NOW, plain);

    expect(one).toContain('\n  last   webapp-8 FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago\n');
    expect(all).toMatch(/ready {2}FAILED RolloutCrashLoop, rolled back, 3 min 05 s ago\n$/);
  });
});
