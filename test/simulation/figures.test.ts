import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FIGURES } from '#lib/deployment/figures.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';

/** The figures of whole deployments, read from what the functions print, as CloudWatch would read them. */
let world: World;
let print: ReturnType<typeof jest.spyOn>;
let text = '';

interface EmbeddedMetric {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [key: string]: unknown;
}

const printed = () =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"_aws"'))
    .flatMap((line) => {
      const metric = JSON.parse(line) as EmbeddedMetric;
      return metric._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.map(({ Name }) => ({
          namespace: Namespace,
          name: Name,
          value: metric[Name] as number,
          keys: Dimensions[0] ?? [],
          dimensions: Object.fromEntries((Dimensions[0] ?? []).map((key) => [key, metric[key]])),
        })),
      );
    });

const valuesOf = (name: string, wanted: Record<string, string> = {}) =>
  printed()
    .filter(
      (each) =>
        each.name === name && Object.entries(wanted).every(([key, value]) => each.dimensions[key] === value),
    )
    .map(({ value }) => value);

beforeEach(async () => {
  world = await createWorld();
  text = '';
  process.env.POWERTOOLS_METRICS_DISABLED = 'false';
  print = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
});

afterEach(async () => {
  print.mockRestore();
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  await world.end();
});

describe('the figures of deployments', () => {
  it('are those that figures.ts declares: of a deployment that goes live', async () => {
    await world.deploy();

    const found = printed();
    expect(new Set(found.map(({ namespace }) => namespace))).toEqual(new Set(['Landfall']));
    for (const { name, keys } of found)
      expect([name, keys]).toEqual([name, FIGURES[name as keyof typeof FIGURES].dimensions]);
    expect(valuesOf('Deployments', { service: 'webapp', status: 'SUCCEEDED' })).toEqual([1]);
    expect(valuesOf('ChangeFailure', { service: 'webapp' })).toEqual([0]);
    expect(valuesOf('LeadTime')).toEqual([expect.any(Number)]);
    expect(valuesOf('Failures')).toEqual([]);
    expect(valuesOf('QueueTime')).toEqual([expect.any(Number)]);
    const [rollout = 0] = valuesOf('StateDuration', { state: 'AwaitRollout' });
    const [whole = 0] = valuesOf('Duration');
    expect(rollout).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(rollout);
    expect(Math.max(...valuesOf('RunningTime'))).toBeLessThanOrEqual(whole);
  });

  it('count a change that was rolled back as failed, and restored by the way back', async () => {
    world.scenario.behave = (spec) =>
      releaseOf(spec) === 2 && !isMigration(spec)
        ? { exitAfterMilliseconds: 500, exitCode: 1 }
        : wellBehaved(spec);
    await world.deploy();
    text = '';

    const { error = '' } = await world.deploy();

    expect(valuesOf('Deployments', { status: 'FAILED' })).toEqual([1]);
    expect(valuesOf('Failures', { service: 'webapp', error })).toEqual([1]);
    expect(valuesOf('ChangeFailure')).toEqual([1]);
    expect(valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(await world.item()).not.toHaveProperty('brokenSince');
  });

  it('count what was not rolled back as broken until the next release is live', async () => {
    world.scenario.behave = (spec) =>
      releaseOf(spec) === 2 && !isMigration(spec)
        ? { exitAfterMilliseconds: 500, exitCode: 1 }
        : wellBehaved(spec);
    await world.deploy();
    await world.deploy({ settings: (settings) => ({ ...settings, rollback: 'manual' }) });
    expect(await world.item()).toHaveProperty('brokenSince');
    expect(valuesOf('TimeToRestore')).toEqual([]);
    await world.simulation.time.pass(60);

    const end = await world.deploy();

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(valuesOf('TimeToRestore')[0]).toBeGreaterThan(60);
    expect(await world.item()).not.toHaveProperty('brokenSince');
  });

  it('do not count what never touched the service as a failed change', async () => {
    world.scenario.behave = (spec) =>
      isMigration(spec) ? { exitAfterMilliseconds: 500, exitCode: 1 } : wellBehaved(spec);

    await world.deploy();

    expect(valuesOf('Failures', { error: 'MigrationFailed' })).toEqual([1]);
    expect(valuesOf('ChangeFailure')).toEqual([]);
  });
});
