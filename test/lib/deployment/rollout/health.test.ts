import { describe, expect, it } from '@jest/globals';
import { decideHealth, explainUnhealthy } from '#lib/deployment/rollout/health.ts';
import { fc } from '#test/support/property.ts';
import { failureOf, NOON, settings } from '../fixtures.ts';

const health = settings({ health: { consecutive: 3, timeoutSeconds: 60 } }).health;

const url = 'http://webapp.example/';

const target = (state: string, reason?: string) => ({
  target: 'i-1:80',
  state,
  ...(reason === undefined ? {} : { reason }),
});

describe('one look', () => {
  it.each([
    ['targets behind an application load balancer', [target('healthy'), target('healthy')]],
    ['instances behind a classic one', [target('InService'), target('InService')]],
  ])('finds all well: %s and the expected answer', (_, targets) => {
    expect(explainUnhealthy(targets, 2, { url, status: 200 }, health)).toBeUndefined();
  });

  it.each([
    'initial',
    'unhealthy',
    'unhealthy.draining',
    'draining',
    'unused',
    'OutOfService',
    'Unknown',
    'new',
  ])('does not take %s for healthy', (state) => {
    const because = explainUnhealthy(
      [target('healthy'), target(state, 'Target.Timeout')],
      2,
      { url, status: 200 },
      health,
    );

    expect(because).toBe(`target i-1:80 is ${state} (Target.Timeout)`);
  });

  it('misses targets that are not registered yet', () => {
    expect(explainUnhealthy([target('healthy')], 2, undefined, health)).toBe('1 of 2 targets are registered');
  });

  it('goes without the probe where there is none', () => {
    expect(explainUnhealthy([target('healthy')], 1, undefined, health)).toBeUndefined();
  });

  it.each([
    [{ url, error: 'connect ECONNREFUSED' }, `${url} did not answer (connect ECONNREFUSED)`],
    [{ url, status: 503 }, `${url} answered 503 instead of 200`],
    [{ url, status: 301 }, `${url} answered 301 instead of 200`],
  ])('says what is wrong with the answer: %j', (probe, because) => {
    expect(explainUnhealthy([target('healthy')], 1, probe, health)).toBe(because);
  });

  it('expects the status that services.yml says', () => {
    const teapot = settings({ health: { status: 418 } }).health;

    expect(explainUnhealthy([], 0, { url, status: 418 }, teapot)).toBeUndefined();
  });
});

describe('the verdict on health', () => {
  const start = { verdict: 'waiting' as const, consecutive: 0, deadline: NOON + 60_000 };

  it('is healthy after so many good looks in a row, and one bad look starts the count again', () => {
    const looks = [undefined, undefined, 'target i-1:80 is initial', undefined, undefined, undefined];

    let now = NOON;
    const verdicts: string[] = [];
    looks.reduce<ReturnType<typeof decideHealth>>((previous, because) => {
      now += 1_000;
      const next = decideHealth(previous, because, health, now);
      verdicts.push(`${next.verdict} ${next.consecutive}`);
      return next;
    }, start);

    expect(verdicts).toEqual(['waiting 1', 'waiting 2', 'waiting 0', 'waiting 1', 'waiting 2', 'healthy 3']);
  });

  it('tells what a bad look saw, and forgets it after a good one', () => {
    const bad = decideHealth(start, 'no targets', health, NOON);

    expect(bad.reason).toBe('no targets');
    expect(decideHealth(bad, undefined, health, NOON)).not.toHaveProperty('reason');
  });

  it('fails by name on a bad look at the deadline, and not before', () => {
    expect(decideHealth(start, 'no targets', health, start.deadline - 1).verdict).toBe('waiting');

    const error = failureOf(() => decideHealth(start, 'no targets', health, start.deadline));

    expect(error.name).toBe('HealthCheckFailed');
    expect(error.message).toContain('no targets, 60 seconds after the first look');
  });

  it('lets good looks that have begun come to their end past the deadline', () => {
    expect(decideHealth(start, undefined, health, start.deadline + 1)).toMatchObject({ consecutive: 1 });
  });

  it('is healthy exactly when the last so many looks were good, and never moves the deadline', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (looks) => {
        const end = looks.reduce<ReturnType<typeof decideHealth>>(
          (previous, isGood) => decideHealth(previous, isGood ? undefined : 'bad', health, NOON),
          start,
        );
        const lastOnes = looks.slice(-health.consecutive);

        expect(end.verdict === 'healthy').toBe(
          lastOnes.length === health.consecutive && lastOnes.every((isGood) => isGood),
        );
        expect(end.deadline).toBe(start.deadline);
      }),
    );
  });
});
