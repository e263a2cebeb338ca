import { describe, expect, it } from '@jest/globals';
import { emptyServiceItem } from '#lib/deployment/claim/service-item.ts';
import { describeBuild, describeService } from '#lib/deployment/record/status.ts';
import type { BuildObservation } from '#lib/deployment/release/build.ts';
import { document, lastKnownGood, NOON, observedService, settings } from '../fixtures.ts';

const commit = '74aef81b0123456789abcdef0123456789abcdef';

const digest = `sha256:${'a'.repeat(64)}`;

const START = Date.parse('2030-01-31T12:00:00Z');

const build: BuildObservation = {
  id: 'landfall-dev-webapp:7d0c',
  number: 7,
  project: 'landfall-dev-webapp',
  status: 'SUCCEEDED',
  startedAt: START,
  endedAt: START + 60_000,
  ref: 'main',
  commit,
  exported: { COMMIT: commit, IMAGE_DIGEST: digest },
  phases: [{ phase: 'BUILD', status: 'SUCCEEDED', startedAt: START, endedAt: START + 60_000 }],
};

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
