import { describe, expect, it } from '@jest/globals';
import { metricsOfClaim, metricsOfSteps } from '#lib/deployment/notify/time-metrics.ts';
import { NOON } from '../fixtures.ts';

const step = (state: string, from: number, to: number | null) => ({
  state,
  startedAt: NOON + from * 1_000,
  endedAt: to === null ? null : NOON + to * 1_000,
  attempts: 1,
});
const valuesOf = (metrics: ReturnType<typeof metricsOfSteps>) =>
  metrics.map(({ name, value, dimensions: { service: _, ...rest } }) => [
    name,
    value,
    ...Object.values(rest),
  ]);

describe('the times of a run', () => {
  const steps = [step('ClaimService', 0, 5), step('VerifyRelease', 5, 7), step('AwaitRollout', 7, 30)];

  it('are its duration, that of each state, and that in the queue', () => {
    expect(valuesOf(metricsOfSteps('webapp', steps, NOON))).toEqual([
      ['Duration', 30],
      ['StateDuration', 5, 'ClaimService'],
      ['QueueTime', 5],
      ['StateDuration', 2, 'VerifyRelease'],
      ['StateDuration', 23, 'AwaitRollout'],
    ]);
  });

  it('leave out what earlier runs took, and the state that is not over', () => {
    const redriven = [...steps, step('ClaimService', 60, 61), step('UpdateService', 61, null)];

    expect(valuesOf(metricsOfSteps('webapp', redriven, NOON + 60_000))).toEqual([
      ['Duration', 1],
      ['StateDuration', 1, 'ClaimService'],
      ['QueueTime', 1],
    ]);
  });

  it('are none where no state is over', () => {
    expect(metricsOfSteps('webapp', [step('ClaimService', 0, null)], NOON)).toEqual([]);
  });
});

describe('the time of a claim', () => {
  it('is how long it has been held', () => {
    expect(metricsOfClaim('webapp', { since: NOON - 90_000 }, NOON)).toEqual([
      { name: 'ClaimTime', value: 90, dimensions: { service: 'webapp' } },
    ]);
  });

  it('is not told where nobody is known to hold it', () => {
    expect(metricsOfClaim('webapp', undefined, NOON)).toEqual([]);
    expect(metricsOfClaim('webapp', {}, NOON)).toEqual([]);
  });
});
