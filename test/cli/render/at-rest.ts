import type { EcsDeployment, Service } from '#cli/client/contract.ts';
import { idle } from '../fixtures.ts';

/** A service that runs, and that nobody deploys. */

export const NOW = Date.parse('2030-01-31T12:00:00.000Z');

export const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

export const arn = (revision: number) =>
  `arn:aws:ecs:eu-west-1:123456789012:task-definition/webapp:${revision}`;

export const deployed = (revision: number, rest: Partial<EcsDeployment> = {}): EcsDeployment => ({
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
export const service = (deployments: EcsDeployment[], rest: Partial<Running> = {}): Service => ({
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
