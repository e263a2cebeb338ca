import { describe, expect, it } from '@jest/globals';
import { emptyServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentRecord } from '#lib/deployment/record/record.ts';
import {
  describeBuild,
  describeDeployment,
  describeLogs,
  describeService,
  summarizeDeployment,
} from '#lib/deployment/record/status.ts';
import { DIGEST, document, lastKnownGood, NOON, observedService, settings } from '../fixtures.ts';
import { build, commit, START } from '../release/built.ts';

describe('a build as the API describes it', () => {
  it('has what CodeBuild knows of it, its times in ISO 8601', () => {
    const phases = [
      { phase: 'INSTALL', status: 'SUCCEEDED', startedAt: START, endedAt: START + 1_000 },
      { phase: 'BUILD', startedAt: START + 1_000 },
    ];
    const { endedAt: _, ...running } = build;
    const described = describeBuild(
      'webapp',
      { ...running, status: 'IN_PROGRESS', phases, initiator: 'role', requestedBy: 'jane' },
      undefined,
      [],
    );

    expect(described).toEqual({
      service: 'webapp',
      build: 'landfall-dev-webapp:7d0c',
      correlationId: 'landfall-dev-webapp:7d0c',
      status: 'IN_PROGRESS',
      ref: 'main',
      commit,
      startedAt: '2030-01-31T12:00:00.000Z',
      endedAt: null,
      requestedBy: 'jane',
      phases: [
        {
          phase: 'INSTALL',
          status: 'SUCCEEDED',
          startedAt: '2030-01-31T12:00:00.000Z',
          endedAt: '2030-01-31T12:00:01.000Z',
        },
        { phase: 'BUILD', status: null, startedAt: '2030-01-31T12:00:01.000Z', endedAt: null },
      ],
      deployment: null,
    });
  });
});

describe("a service's status", () => {
  const run = { owner: 'execution', redriveCount: 0, since: NOON };

  const reading = (known: Partial<Parameters<typeof describeService>[1]>) => ({
    observed: undefined,
    item: emptyServiceItem('webapp'),
    latest: undefined,
    tasks: undefined,
    ...known,
  });

  it('of a service that nobody has deployed yet is all null', () => {
    expect(describeService(settings(), reading({}), NOON)).toEqual({
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
    });
  });

  it('shows who holds it, who waits, the freeze and what is live, without tokens and documents', () => {
    const status = describeService(
      settings(),
      reading({
        observed: observedService(),
        item: {
          ...emptyServiceItem('webapp'),
          claim: { ...run, deployment: 'first' },
          waiter: {
            ...run,
            deployment: 'second',
            startedAt: NOON,
            taskToken: 'secret token',
            document: document(),
          },
          freeze: { reason: 'stocktaking', requestedBy: 'ops', until: NOON + 1 },
          lastKnownGood: lastKnownGood({ at: NOON }),
        },
      }),
      NOON,
    );

    expect(status).toMatchObject({
      running: { desiredCount: 2, runningCount: 2 },
      claim: { deployment: 'first', execution: 'execution', since: '2026-03-02T12:00:00.000Z' },
      waiter: { deployment: 'second' },
      freeze: { reason: 'stocktaking', requestedBy: 'ops', until: '2026-03-02T12:00:00.001Z' },
      lastKnownGood: { at: '2026-03-02T12:00:00.000Z' },
    });
    expect(JSON.stringify(status)).not.toMatch(/secret token|release/);
  });

  it('does not show a freeze that has ended', () => {
    const freeze = { reason: 'stocktaking', requestedBy: 'ops', until: NOON };
    const forever = { reason: 'stocktaking', requestedBy: 'ops' };

    const item = emptyServiceItem('webapp');
    expect(describeService(settings(), reading({ item: { ...item, freeze } }), NOON).freeze).toBeNull();
    const { freeze: shown } = describeService(
      settings(),
      reading({ item: { ...item, freeze: forever } }),
      NOON,
    );
    expect(shown).toEqual({ ...forever, until: null });
  });
});

describe('a deployment as the API describes it', () => {
  const record: DeploymentRecord = {
    deployment: 'webapp-8',
    service: 'webapp',
    execution: 'execution',
    status: 'FAILED',
    redriveCount: 1,
    startedAt: NOON,
    redrivenAt: NOON + 1_000,
    endedAt: NOON + 2_000,
    digest: DIGEST,
    commit: 'abc',
    build: 'b:8',
    trigger: { kind: 'push' },
    redriveRequestedBy: { 0: 'nobody', 1: 'arn:ann' },
    error: 'MigrationFailed',
    serviceOutcome: 'UNTOUCHED',
    message: 'It failed.',
    runs: [{ redriveCount: 0, status: 'ABORTED' }],
  };
  const summary = {
    deployment: 'webapp-8',
    service: 'webapp',
    execution: 'execution',
    correlationId: 'b:8',
    status: 'FAILED',
    trigger: { kind: 'push' },
    redriveCount: 1,
    redriveRequestedBy: 'arn:ann',
    startedAt: '2026-03-02T12:00:00.000Z',
    redrivenAt: '2026-03-02T12:00:01.000Z',
    endedAt: '2026-03-02T12:00:02.000Z',
    digest: DIGEST,
    commit: 'abc',
    build: 'b:8',
    serviceOutcome: 'UNTOUCHED',
    error: 'MigrationFailed',
  };
  const failure = {
    state: 'AwaitMigration',
    error: 'MigrationFailed',
    message: 'It failed.',
    detail: { exitCode: 3, logTail: ['boom'] },
  };

  it('has its summary in the history, with who asked for its last redrive', () => {
    expect(summarizeDeployment(record)).toEqual(summary);
  });

  it('has its steps, its failure with what is known of it, and its former runs', () => {
    const steps = [
      { state: 'ClaimService', startedAt: NOON, endedAt: NOON + 1, attempts: 1 },
      { state: 'AwaitMigration', startedAt: NOON + 1, endedAt: null, attempts: 2 },
    ];

    expect(describeDeployment(record, { steps, failure })).toEqual({
      ...summary,
      message: 'It failed.',
      steps: [
        { ...steps[0], startedAt: '2026-03-02T12:00:00.000Z', endedAt: '2026-03-02T12:00:00.001Z' },
        { ...steps[1], startedAt: '2026-03-02T12:00:00.001Z', endedAt: null },
      ],
      failure: {
        state: 'AwaitMigration',
        error: 'MigrationFailed',
        message: 'It failed.',
        exitCode: 3,
        logTail: ['boom'],
      },
      runs: [{ redriveCount: 0, status: 'ABORTED', endedAt: null, failure: null }],
    });
  });

  it('has lines with their task by its id, and tells whether they are of the log or of the record', () => {
    const line = { at: NOON, taskArn: 'arn:task/ecs-cluster/1', container: 'webapp', message: 'boom' };
    const source = { taskArn: line.taskArn, container: 'webapp', isMigration: true, problem: null };
    const stream = { logGroupName: '/ecs/webapp', logStreamName: 's/1' };

    const logs = describeLogs(record, {
      lines: [line, { taskArn: line.taskArn, container: 'webapp', message: 'boom' }],
      sources: [
        { ...source, lastStatus: 'STOPPED', stream },
        { ...source, lastStatus: null, stream: null },
      ],
      isTruncated: true,
      hasMore: false,
    });

    const common = { task: '1', container: 'webapp' };
    expect(logs).toEqual({
      service: 'webapp',
      deployment: 'webapp-8',
      status: 'FAILED',
      lines: [
        { ...common, at: '2026-03-02T12:00:00.000Z', message: 'boom' },
        { ...common, at: null, message: 'boom' },
      ],
      sources: [
        {
          ...common,
          migration: true,
          lastStatus: 'STOPPED',
          from: 'logs',
          logGroup: '/ecs/webapp',
          logStream: 's/1',
          problem: null,
        },
        {
          ...common,
          migration: true,
          lastStatus: null,
          from: 'record',
          logGroup: null,
          logStream: null,
          problem: null,
        },
      ],
      truncated: true,
      more: false,
    });
  });
});
