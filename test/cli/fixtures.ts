import type { Deployment, Service } from '#cli/client/contract.ts';

/** A service that nobody has deployed yet. */
export const idle: Service = {
  service: 'webapp',
  cluster: 'ecs-cluster',
  ecsService: 'webapp-service',
  running: null,
  claim: null,
  waiter: null,
  freeze: null,
  lastKnownGood: null,
  rollbackTo: null,
  latest: null,
};

/** A deployment that has just begun, at this ISO time. */
export const begun = (startedAt: string, rest: Partial<Deployment> = {}): Deployment => ({
  deployment: 'webapp-8',
  service: 'webapp',
  execution: 'arn:8',
  correlationId: 'webapp-8',
  status: 'RUNNING',
  trigger: { kind: 'image' },
  redriveCount: 0,
  startedAt,
  endedAt: null,
  digest: `sha256:${'0'.repeat(64)}`,
  steps: [],
  failure: null,
  runs: [],
  ...rest,
});
