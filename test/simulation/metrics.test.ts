import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { METRICS } from '#lib/deployment/notify/metrics.ts';
import { createWorldApi } from './api.ts';
import { createWorld, type World, wellBehaved } from './harness.ts';
import { capturePrintedMetrics, type PrintedMetrics } from './metrics.ts';
import { startHolder } from './queue.ts';
import { crashing, failingMigration, recordOf } from './runs.ts';

/** The metrics of whole deployments, read from what the functions print, as CloudWatch would read them. */
let world: World;
let metrics: PrintedMetrics;
const valuesOf: PrintedMetrics['valuesOf'] = (...asked) => metrics.valuesOf(...asked);

beforeEach(async () => {
  world = await createWorld();
  metrics = capturePrintedMetrics();
});

afterEach(async () => {
  metrics.end();
  await world.end();
});

describe('the metrics of deployments', () => {
  it('are those that metrics.ts declares: of a deployment that goes live', async () => {
    await world.deploy();

    const found = metrics.all();
    expect(new Set(found.map(({ namespace }) => namespace))).toEqual(new Set(['Landfall']));
    for (const { name, keys } of found)
      expect([name, keys]).toEqual([name, METRICS[name as keyof typeof METRICS].dimensions]);
    expect(valuesOf('Deployments', { service: 'webapp', status: 'SUCCEEDED' })).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 1, failed: 0 });
    expect(valuesOf('LeadTime')).toEqual([expect.any(Number)]);
    expect(valuesOf('Failures')).toEqual([]);
    expect(valuesOf('QueueTime')).toEqual([expect.any(Number)]);
    const [rollout = 0] = valuesOf('StateDuration', { state: 'AwaitRollout' });
    const [whole = 0] = valuesOf('Duration');
    expect(rollout).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(rollout);
    expect(Math.max(...valuesOf('ClaimTime'))).toBeLessThanOrEqual(whole);
  });

  it('count a change that was rolled back as failed, and restored by the way back', async () => {
    world.scenario.behave = crashing(2);
    await world.deploy();
    metrics.forget();

    const { error = '' } = await world.deploy();

    expect(valuesOf('Deployments', { status: 'FAILED' })).toEqual([1]);
    expect(valuesOf('Failures', { service: 'webapp', error })).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(await world.item()).not.toHaveProperty('brokenSince');
  });

  it('count what was not rolled back as broken until the next release is live', async () => {
    world.scenario.behave = crashing(2);
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

  it('count what was stopped in its rollout as broken until the next release is live', async () => {
    await world.deploy();
    metrics.forget();
    const stopped = await world.start();
    await world.reached(stopped, 'AwaitRollout');

    await world.stopExecution(stopped);

    expect(valuesOf('Deployments')).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(await recordOf(world, stopped)).toMatchObject({ status: 'ABORTED', serviceOutcome: 'CHANGED' });
    await world.deploy();
    expect(valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
  });

  it('do not count what never touched the service as a failed change', async () => {
    world.scenario.behave = failingMigration('no such table');

    await world.deploy();

    expect(valuesOf('Failures', { error: 'MigrationFailed' })).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 0, failed: 0 });
  });

  it('count a deployment that is re-driven until it is live as one change, which failed', async () => {
    world.scenario.behave = crashing(2);
    await world.deploy();
    metrics.forget();
    const { executionArn } = await world.deploy();
    await world.redrive(executionArn);
    world.scenario.behave = wellBehaved;

    expect(await world.redrive(executionArn)).toMatchObject({ status: 'SUCCEEDED' });

    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(valuesOf('Deployments', { status: 'FAILED' })).toEqual([1, 1]);
    expect(valuesOf('Deployments', { status: 'SUCCEEDED' })).toEqual([1]);
  });

  it('count what was found wanting once it was live: a rollback by hand is the failure of what it undoes', async () => {
    await world.deploy();
    await world.deploy();
    await world.simulation.time.pass(600);
    metrics.forget();

    const api = await createWorldApi(world);
    const { body } = await api('POST', '/services/webapp/rollback');
    const back = await world.ended(body.execution);

    expect(back).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(valuesOf('Deployments', { status: 'ROLLED_BACK' })).toEqual([1]);
    expect(valuesOf('Deployments')).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 0, failed: 1 });
    expect(valuesOf('TimeToRestore')[0]).toBeGreaterThan(600);
  });

  it('count a service as restored by the rollback that led it back, since when it first was broken', async () => {
    world.scenario.behave = crashing(2, 3);
    await world.deploy();
    await world.deploy({ settings: (settings) => ({ ...settings, rollback: 'manual' }) });
    await world.simulation.time.pass(600);
    expect(await world.item()).toHaveProperty('brokenSince');

    await world.deploy();

    expect(valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(valuesOf('TimeToRestore')[0]).toBeGreaterThan(600);
    expect(await world.item()).not.toHaveProperty('brokenSince');
  });

  it('name a bug by what alarms know, and count the reason of an abort as no failure', async () => {
    world.scenario.invoke = async (key, _, run) => {
      if (key === 'verifyRelease') throw new TypeError('x is not a function');
      return run();
    };
    await world.deploy();
    delete world.scenario.invoke;
    expect(valuesOf('Failures', { error: 'FunctionCrashed' })).toEqual([1]);
    metrics.forget();
    const stopped = await world.start();
    await world.reached(stopped, 'AwaitRollout');

    await world.stopExecution(stopped);

    expect(valuesOf('Failures')).toEqual([]);
  });

  it('tell nothing of the claim of a run that is over: a redrive days later is not stuck', async () => {
    world.scenario.behave = failingMigration('no such table');
    const { executionArn } = await world.deploy();
    world.scenario.behave = wellBehaved;
    await world.simulation.time.pass(3 * 24 * 3600);
    metrics.forget();

    expect(await world.redrive(executionArn)).toMatchObject({ status: 'SUCCEEDED' });

    expect(Math.max(0, ...valuesOf('ClaimTime'))).toBeLessThan(3600);
  });

  it('tell how long the claim has been held, by who holds it and by who waits for it', async () => {
    const holder = await startHolder(world, 1, 300);
    await world.start({ build: 2 });
    await world.simulation.time.pass(200);
    const held = valuesOf('ClaimTime');

    await world.ended(holder);

    // One a minute of each, at least.
    expect(held.length).toBeGreaterThanOrEqual(6);
    expect(Math.max(...held)).toBeGreaterThan(150);
    expect(Math.max(...held)).toBeLessThanOrEqual(201);
  });
});
