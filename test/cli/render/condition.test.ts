import { describe, expect, it } from '@jest/globals';
import type { FailedTask, Service } from '#cli/client/contract.ts';
import { renderService } from '#cli/render/service.ts';
import { plain } from '../context.ts';
import { ago, arn, deployed, NOW, service } from './at-rest.ts';

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
