import { describe, expect, it } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { metricsOfSuccess, metricsOfUnsuccessfulRun } from '#lib/deployment/notify/change-metrics.ts';
import type { Metric } from '#lib/deployment/notify/metrics.ts';
import { failure, rolledOut, rollout } from '../ending/failed.ts';
import { document, lastKnownGood, NOON, release } from '../fixtures.ts';

const first = { redriveCount: 0, since: NOON - 600_000 };
const redriven = { redriveCount: 1, since: NOON - 60_000 };

/** By name, with the other dimension than the service where there is one. */
const tell = (metrics: Metric[]) =>
  metrics.map(
    ({ name, value, dimensions: { service: _, ...rest } }) =>
      [name, ...Object.values(rest)].join(' ') + (value === 1 ? '' : ` ${value}`),
  );

describe('a release that goes live', () => {
  const built = (seconds: number) =>
    release({ build: { id: 'b:7', number: 7, startedAt: NOON - seconds * 1_000 } });
  const live = (given: Partial<DeploymentDocument>, run = first, before = {}) =>
    tell(metricsOfSuccess(document({ rollout, ...given }), run, before, NOON));

  it('is a change, and its lead time is that since its build began', () => {
    expect(live({ release: built(240) })).toEqual(['Deployments SUCCEEDED', 'Changes', 'LeadTime 240']);
  });

  it('without a build has no lead time', () => {
    expect(live({ release: release({ build: undefined }) })).toEqual(['Deployments SUCCEEDED', 'Changes']);
  });

  it('restores a service that was broken', () => {
    expect(live({ release: built(240) }, first, { brokenSince: NOON - 30_000 })).toEqual([
      'Deployments SUCCEEDED',
      'Changes',
      'LeadTime 240',
      'TimeToRestore 30',
    ]);
  });

  it.each<[string, Partial<DeploymentDocument>]>([
    [
      'whose earlier run had touched the service',
      { resume: { from: 'UpdateService', after: 'unknown', count: 1, serviceOutcomeText: 'Changed.' } },
    ],
    [
      'that goes on with the rollout of an earlier run',
      { rollout: { ...rollout, startedAt: redriven.since } },
    ],
  ])('%s has been counted as a change', (_, given) => {
    expect(live({ ...given, release: built(240) }, redriven)).toEqual([
      'Deployments SUCCEEDED',
      'LeadTime 240',
    ]);
  });

  it('in a redrive that was the first to touch the service is a change', () => {
    expect(live({ release: built(240) }, redriven)).toContain('Changes');
  });
});

describe('a rollback by hand that goes live', () => {
  const back = (before: Parameters<typeof metricsOfSuccess>[2]) =>
    tell(metricsOfSuccess(document({ rollout, trigger: { kind: 'rollback' } }), first, before, NOON));

  it('shows that the release it undoes has failed, which is restored since that went live', () => {
    expect(back({ replaced: lastKnownGood({ at: NOON - 120_000 }) })).toEqual([
      'Deployments ROLLED_BACK',
      'FailedChanges',
      'TimeToRestore 120',
    ]);
  });

  it('counts no failure twice: the service was known as broken', () => {
    expect(back({ replaced: lastKnownGood(), brokenSince: NOON - 45_000 })).toEqual([
      'Deployments ROLLED_BACK',
      'TimeToRestore 45',
    ]);
  });

  it('restores nothing where nothing was live', () => {
    expect(back({})).toEqual(['Deployments ROLLED_BACK']);
  });
});

describe('a run that does not make its release live', () => {
  const ended = (
    end: { status: string; error?: string },
    given: DeploymentDocument | undefined,
    brokenSince?: number,
    run = first,
  ) => tell(metricsOfUnsuccessfulRun({ service: 'webapp', ...end }, given, run, brokenSince, NOON));
  const failed = { status: 'FAILED', error: 'RolloutCrashLoop' };

  it('without an order to ECS is no change', () => {
    const refused = document({ failure: failure({ state: 'VerifyRelease', error: 'ImageNotFound' }) });

    expect(ended({ status: 'FAILED', error: 'ImageNotFound' }, refused)).toEqual([
      'Deployments FAILED',
      'Failures ImageNotFound',
    ]);
  });

  it('that changed the service is a failed change', () => {
    expect(ended(failed, rolledOut())).toEqual([
      'Deployments FAILED',
      'Failures RolloutCrashLoop',
      'Changes',
      'FailedChanges',
    ]);
  });

  it('that was rolled back is one too, and has restored the service', () => {
    const back = rolledOut({ rollbackDone: true, rollout: { ...rollout, startedAt: NOON - 40_000 } });
    const counts = ['Deployments FAILED', 'Failures RolloutCrashLoop', 'Changes', 'FailedChanges'];

    expect(ended(failed, back)).toEqual([...counts, 'TimeToRestore 40']);
    expect(ended(failed, back, NOON - 90_000)).toEqual([...counts, 'TimeToRestore 90']);
  });

  it("whose service is another's by now is a change that did not fail", () => {
    const replaced = rolledOut({ failure: failure({ error: 'RolloutReplaced' }) });

    expect(ended({ status: 'FAILED', error: 'RolloutReplaced' }, replaced)).toEqual([
      'Deployments FAILED',
      'Failures RolloutReplaced',
      'Changes',
    ]);
  });

  it('of a deployment that was counted in an earlier run counts no change again', () => {
    const going = rolledOut({ rollout: { ...rollout, startedAt: redriven.since - 1 } });

    expect(ended(failed, going, undefined, redriven)).toEqual([
      'Deployments FAILED',
      'Failures RolloutCrashLoop',
    ]);
  });

  it('counts a bug under the one name that alarms watch', () => {
    expect(ended({ status: 'FAILED', error: 'TypeError' }, undefined)).toEqual([
      'Deployments FAILED',
      'Failures FunctionCrashed',
    ]);
  });

  it('that was stopped or displaced has not failed', () => {
    expect(ended({ status: 'ABORTED', error: 'by Ann' }, undefined)).toEqual(['Deployments ABORTED']);
    expect(ended({ status: 'SUPERSEDED' }, document())).toEqual(['Deployments SUPERSEDED']);
  });
});
