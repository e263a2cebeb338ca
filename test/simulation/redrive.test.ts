import { describe, expect, it } from '@jest/globals';
import { brief, calmPath, halted, pathTo, wayBack } from '#test/support/paths.ts';
import { functionOf, taskStates } from '#test/support/wiring.ts';
import { useRedrives } from './redrives.ts';
import { crash, runs } from './runs.ts';

describe('a redrive', () => {
  const redrives = useRedrives();
  const { faults, next, start, deploy, well, stopMigrations, expectLive, expectHalted } = redrives;

  it('fails as often as the cause lasts, and every run is on record', async () => {
    faults.migrations.set(next(), crash);
    const { executionArn } = await deploy();
    for (const redriveCount of [1, 2, 3])
      await expectHalted(await redrives.world.redrive(executionArn), 'MigrationFailed', redriveCount);
    well();

    await expectLive(await redrives.world.redrive(executionArn), 4);
  });

  it('is refused by AWS after fourteen days', async () => {
    faults.migrations.set(next(), crash);
    const { executionArn } = await deploy();
    await redrives.world.simulation.time.leap(14 * 86_400 + 1);

    await expect(redrives.world.redrive(executionArn)).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
      message: expect.stringContaining('Execution redrivable period exceeded'),
    });
  });

  it('while another deployment holds the claim waits its turn, then goes on', async () => {
    faults.containers.set(next(), crash);
    const failed = await deploy();
    faults.migrations.set(next(), {});
    const holder = await start();
    await redrives.world.reached(holder, 'AwaitMigration');
    faults.containers.clear();
    await redrives.world.call('states', 'RedriveExecution', { executionArn: failed.executionArn });
    await redrives.world.reached(failed.executionArn, 'ClaimService');
    await redrives.world.simulation.time.pass(120);
    expect(await redrives.world.item()).toMatchObject({
      claim: { owner: holder },
      waiter: { owner: failed.executionArn },
    });

    await redrives.world.stopExecution(holder);
    await stopMigrations();

    const end = await redrives.world.ended(failed.executionArn);
    expect(brief(end.path)).toEqual(calmPath({ resume: 'UpdateService' }));
    await expectLive(end, 1);
  });

  it('straight into the middle of the machine is refused while another deployment holds the claim', async () => {
    const stopped = await start();
    await redrives.world.reached(stopped, 'AwaitRollout');
    await redrives.world.stopExecution(stopped);
    faults.migrations.set(next(), {});
    const holder = await start();
    await redrives.world.reached(holder, 'AwaitMigration');

    const lost = await redrives.world.redrive(stopped);

    expect(lost.path).toEqual(halted);
    await expectHalted(lost, 'ClaimLost', 1);
    expect((await redrives.world.item()).claim).toMatchObject({ owner: holder });
    await redrives.world.stopExecution(holder);
    await stopMigrations();
    await expectLive(await redrives.world.redrive(stopped), 2);
  });

  it('is refused by name, and touches nothing, when a newer release has gone live', async () => {
    faults.containers.set(next(), crash);
    const failed = await deploy();
    const newer = await deploy();
    const live = await runs(redrives.world);

    const end = await redrives.world.redrive(failed.executionArn);

    expect(end.path).toEqual([...pathTo('ClaimService'), ...halted]);
    await expectHalted(end, 'NewerReleaseLive', 1);
    expect(await runs(redrives.world)).toBe(live);
    expect(newer.executionArn).toContain((await redrives.world.item()).lastKnownGood?.deployment);
    const again = await redrives.world.redrive(failed.executionArn);
    await expectHalted(again, 'NewerReleaseLive', 2);
  });

  it('in any state is refused, and touches nothing, when a newer release has gone live', async () => {
    const stopped: string[] = [];
    const after = taskStates.filter((state) => state !== 'ClaimService');
    for (const state of after) {
      if (wayBack.includes(state)) faults.containers.set(next(), crash);
      let executionArn = '';
      redrives.world.scenario.invoke = async (key, _, run) =>
        key === functionOf(state) ? redrives.world.call('states', 'StopExecution', { executionArn }) : run();
      executionArn = await start();
      expect((await redrives.world.ended(executionArn)).path.at(-1)).toBe(state);
      // What ECS was told to do goes on.
      await redrives.world.simulation.time.pass(60);
      stopped.push(executionArn);
    }
    well();
    delete redrives.world.scenario.invoke;
    await deploy();
    const live = [await runs(redrives.world), (await redrives.world.item()).lastKnownGood];

    for (const executionArn of stopped) {
      const end = await redrives.world.redrive(executionArn);
      await expectHalted(end, 'NewerReleaseLive', 1);
    }

    expect([await runs(redrives.world), (await redrives.world.item()).lastKnownGood]).toEqual(live);
  });

  it('of a release that was called live only in part looks at what runs before it calls it live', async () => {
    // Completed but for its record: then another release is deployed, fails, and is rolled back to the one before.
    redrives.world.scenario.invoke = async (key, _, run) => {
      if (key !== 'completeDeployment') return run();
      throw new TypeError('a bug');
    };
    const before = (await redrives.world.item()).lastKnownGood?.taskDefinition;
    const failed = await deploy();
    expect(failed).toMatchObject({ error: 'TypeError' });
    expect(failed.message).toContain('The release is live: ');
    delete redrives.world.scenario.invoke;
    faults.containers.set(next(), crash);
    await deploy();
    expect(before?.endsWith(`/${await runs(redrives.world)}`)).toBe(true);

    const end = await redrives.world.redrive(failed.executionArn);

    expect(brief(end.path)).toEqual(calmPath({ resume: 'UpdateService' }));
    await expectLive(end, 1);
  });
});
