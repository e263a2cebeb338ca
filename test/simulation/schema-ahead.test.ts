import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { createWorldApi } from './api.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { expectNobody } from './queue.ts';
import { crash, recordOf } from './runs.ts';

/** Release 1 is good. A migration that is not backward compatible runs after it: its code cannot run any more. */

const settings = (given: ServiceSettings): ServiceSettings => ({
  ...given,
  migration: given.migration && { ...given.migration, backwardCompatible: false },
});

let world: World;

/** Releases whose tasks crash; all migrations succeed, those of `slow` after minutes. */
let crashes: number[];
let slow: number[];

beforeEach(async () => {
  crashes = [];
  slow = [];
  world = await createWorld({
    behave: (spec) => {
      if (isMigration(spec))
        return slow.includes(releaseOf(spec))
          ? { exitAfterMilliseconds: 300_000, exitCode: 0 }
          : wellBehaved(spec);
      return crashes.includes(releaseOf(spec)) ? crash : wellBehaved(spec);
    },
  });
  const builtAt = world.simulation.time.now();
  expect(await world.deploy({ build: 1, builtAt })).toMatchObject({ status: 'SUCCEEDED' });
});

afterEach(async () => {
  await expectNobody(world);
  await world.end();
});

describe('a release behind the schema', () => {
  it('is not rolled back to when a later release crashes, whose own migration is compatible', async () => {
    crashes = [2, 3];
    const migrated = await world.deploy({ build: 2, settings });
    const fix = await world.deploy({ build: 3 });

    expect(migrated.path).not.toContain('RollBackService');
    expect(fix).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop' });
    expect(fix.path).not.toContain('RollBackService');
    expect(fix.message).toContain('Not rolled back: the migration that ran is not backward compatible');
  });

  it('is not gone back to by a rollback that was queued when the migration ran', async () => {
    const api = await createWorldApi(world);
    expect(await world.deploy({ build: 2 })).toMatchObject({ status: 'SUCCEEDED' });
    crashes = [3];
    slow = [3];
    const holder = await world.start({ build: 3, settings });
    await world.reached(holder, 'AwaitMigration');

    const { body } = await api('POST', '/services/webapp/rollback');
    const { execution } = body as { execution: string };
    await world.simulation.time.settle();
    await world.ended(holder);

    expect(await world.ended(execution)).toMatchObject({
      status: 'FAILED',
      error: 'SchemaAhead',
      message: expect.stringContaining('goes back to what went live before'),
    });
  });

  it('does not come back by the redrive of a release that was built before', async () => {
    crashes = [2, 3];
    const older = await world.deploy({ build: 2, builtAt: world.simulation.time.now() });
    await world.simulation.time.pass(1);
    await world.deploy({ build: 3, settings });
    crashes = [];

    expect(await world.redrive(older.executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'SchemaAhead',
      message: expect.stringContaining('was built before'),
    });
  });

  it('counts as left behind by a migration that an abort met on its way', async () => {
    await world.simulation.time.pass(1);
    world.scenario.disturb = async (call, perform) => {
      if (call.operation === 'RunTask') await world.simulation.hold(3);
      return perform();
    };
    const aborted = await world.start({ build: 2, settings });
    await world.reached(aborted, 'RunMigration');
    await world.stopExecution(aborted);
    await world.simulation.time.pass(60);
    world.scenario.disturb = undefined;
    crashes = [3];
    const fix = await world.deploy({ build: 3 });

    expect(fix.path).not.toContain('RollBackService');
    expect(fix.message).toContain('is not backward compatible');
  });

  it('leaves the service as it is when its rollback is re-driven straight into the update', async () => {
    const api = await createWorldApi(world);
    await world.deploy({ build: 2 });
    let execution = '';
    world.scenario.invoke = async (key, event, run) => {
      const { document } = event as { document?: { deployment: string } };
      if (key !== 'updateService' || !document?.deployment.includes('rollback')) return run();
      execution = (event as { execution: { arn: string } }).execution.arn;
      return world.call('states', 'StopExecution', { executionArn: execution });
    };
    const { body } = await api('POST', '/services/webapp/rollback');
    expect(await world.ended((body as { execution: string }).execution)).toMatchObject({ status: 'ABORTED' });
    world.scenario.invoke = undefined;
    await world.simulation.time.pass(1);
    crashes = [3];
    await world.deploy({ build: 3, settings });
    const before = (await world.ecsService())?.taskDefinition;

    const redriven = await world.redrive(execution);

    expect(redriven).toMatchObject({ status: 'FAILED', error: 'SchemaAhead' });
    expect(redriven.path).not.toContain('RollBackService');
    expect(redriven.message).toContain('The service was not touched');
    expect((await recordOf(world, execution)).serviceOutcome).toBe('UNTOUCHED');
    expect((await world.ecsService())?.taskDefinition).toBe(before);
  });
});
