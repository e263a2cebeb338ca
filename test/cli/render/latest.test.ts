import { describe, expect, it } from '@jest/globals';
import type { DeploymentSummary, EcsDeployment, Service } from '#cli/client/contract.ts';
import { renderService } from '#cli/render/service.ts';
import { renderServices } from '#cli/render/services.ts';
import { plain } from '../context.ts';
import { idle } from '../fixtures.ts';

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
