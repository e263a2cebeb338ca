import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { brief, calmPath, halted, pathTo, rollbackRefused, rolledBack } from '#test/support/paths.ts';
import { createWorld, type Ended, type World } from './harness.ts';
import { behaveBy, crash, createFaults, recordOf, runs, settled } from './runs.ts';

type Change = (settings: ServiceSettings) => Partial<ServiceSettings>;
const changed = (change: Change) => ({
  settings: (settings: ServiceSettings) => ({ ...settings, ...change(settings) }),
});

/** Behind a classic load balancer nothing tells a task that is about to crash from one that runs. */
const neverStarts = { startError: 'exec: "serve": no such file' };

const faults = createFaults();
let world: World;
/** The revision that is live before each of the deployments that fail, and the release that it is of. */
let good: string;
let goodRelease: number;
let release: number;

async function remember(): Promise<void> {
  good = (await runs(world)) ?? '';
  goodRelease = release;
}

describe('where a release is live', () => {
  beforeAll(async () => {
    world = await createWorld({ behave: behaveBy(faults) });
    release = 1;
    await world.deploy();
    await remember();
  });

  afterEach(async () => {
    faults.containers.clear();
    faults.migrations.clear();
    delete world.scenario.disturb;
    delete world.scenario.invoke;
    if ((await runs(world)) === good && (await settled(world))) return;
    // What a test left behind is put right by the next good release.
    release += 1;
    expect(await world.deploy()).toMatchObject({ status: 'SUCCEEDED' });
    await remember();
  });

  afterAll(() => world.end());

  const migrating = (given: Partial<NonNullable<ServiceSettings['migration']>>) =>
    changed(({ migration }) => ({ migration: { overrides: 'x', ...migration, ...given } as never }));

  /** Starts the next release, whose containers crash. */
  async function startCrashing(options: Parameters<World['start']>[0] = {}): Promise<string> {
    release += 1;
    faults.containers.set(release, crash);
    return world.start(options);
  }

  async function expectFreed(end: Ended, error: string): Promise<void> {
    expect(end).toMatchObject({ status: 'FAILED', error });
    expect((await world.item()).claim).toBeUndefined();
    expect(await recordOf(world, end.executionArn)).toMatchObject({
      status: 'FAILED',
      error,
      message: end.message,
      redriveCount: 0,
      endedAt: expect.any(Number),
    });
  }

  describe('a failed rollout', () => {
    it('is rolled back to the last known good, and ends only when that runs settled again', async () => {
      const end = await world.ended(await startCrashing());

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rolledBack]);
      expect(end.message).toContain(`Rolled back: `);
      expect(end.message).toContain(`${good} runs.`);
      expect(await runs(world)).toBe(good);
      expect(await settled(world)).toBe(true);
      await expectFreed(end, 'RolloutCrashLoop');
    });

    it('is rolled back when the load balancer answers wrongly after a good rollout', async () => {
      release += 1;
      faults.containers.set(release, { answers: (path) => (path === '/ready' ? 500 : 200) });
      const health = changed((settings) => ({
        health: { ...settings.health, path: '/ready', timeoutSeconds: 10 },
      }));

      const end = await world.deploy(health);

      expect(brief(end.path)).toEqual([...pathTo('CheckHealth'), ...rolledBack]);
      expect(await runs(world)).toBe(good);
      await expectFreed(end, 'HealthCheckFailed');
    });

    it('is left as it is where services.yml says manual, and the failure says so', async () => {
      const end = await world.ended(await startCrashing(changed(() => ({ rollback: 'manual' }))));

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...halted]);
      expect(end.message).toContain('Not rolled back: services.yml says rollback: manual. ECS goes on with ');
      expect(end.message).toContain(`The last known good is `);
      expect(await runs(world)).not.toBe(good);
      await expectFreed(end, 'RolloutCrashLoop');
    });

    it('is nothing that the update was refused by ECS: there is nothing to go back from', async () => {
      let refusals = 0;
      world.scenario.disturb = async ({ operation }, perform) => {
        if (operation !== 'UpdateService') return perform();
        refusals += 1;
        throw new AwsError('InvalidParameterException', 'The target group is gone.');
      };
      release += 1;

      const end = await world.deploy();

      expect(end.path).toEqual([...pathTo('UpdateService'), ...halted]);
      expect(refusals).toBe(1);
      expect(end.message).toContain(`The service was not touched: `);
      expect(await runs(world)).toBe(good);
      await expectFreed(end, 'RolloutRejected');
    });
  });

  describe('a rollback that fails itself', () => {
    /** From the moment that the way back begins its tasks do not start, and those that ran of it are gone. */
    function breakTheWayBack() {
      world.scenario.invoke = async (key, _, run) => {
        if (key !== 'rollBackService') return run();
        faults.containers.set(goodRelease, neverStarts);
        const { taskArns } = await world.call('ecs', 'ListTasks', { cluster: 'ecs-cluster' });
        for (const task of taskArns) await world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task });
        return run();
      };
    }

    it.each([
      ['because its tasks do not start either', {}, 'The new tasks keep stopping'],
      [
        'because it does not settle in time',
        changed(({ rollout }) => ({ rollout: { ...rollout, crashes: 100, timeoutSeconds: 60 } })),
        'The rollout did not settle in time',
      ],
    ])('%s ends as RollbackFailed, with what failed first and what is left', async (_, options, why) => {
      breakTheWayBack();

      const end = await world.ended(await startCrashing(options));

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rolledBack]);
      expect(end.message).toMatch(/^AwaitRollout failed with Rollout(CrashLoop|TimedOut)\./);
      expect(end.message).toContain(`${good} failed in AwaitRollback: ${why}`);
      await expectFreed(end, 'RollbackFailed');
      // Once the cause is gone, the redrive deploys the release after all.
      faults.containers.clear();
      const again = await world.redrive(end.executionArn);
      expect(brief(again.path)).toEqual(calmPath({ resume: 'UpdateService' }));
      await remember();
    });

    it('because ECS refuses it ends as RollbackFailed', async () => {
      let updates = 0;
      world.scenario.disturb = async ({ operation }, perform) => {
        if (operation !== 'UpdateService') return perform();
        updates += 1;
        if (updates === 1) return perform();
        throw new AwsError('InvalidParameterException', 'The role is gone.');
      };

      const end = await world.ended(await startCrashing());

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rollbackRefused]);
      expect(end.message).toContain('failed in RollBackService: ECS refused the update of the service');
      await expectFreed(end, 'RollbackFailed');
    });

    it('because the service was frozen meanwhile ends as RollbackFailed, and nothing more was changed', async () => {
      const executionArn = await startCrashing();
      await world.reached(executionArn, 'AwaitRollout');
      await world.putItem((item) => ({ ...item, freeze: { reason: 'audit', requestedBy: 'Ann' } }));
      const left = await runs(world);

      const end = await world.ended(executionArn);

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rollbackRefused]);
      expect(end.message).toContain('failed in RollBackService: The service is frozen: Ann froze webapp');
      expect(await runs(world)).toBe(left);
      await expectFreed(end, 'RollbackFailed');
      await world.putItem(({ freeze: _, ...item }) => item);
    });

    it('does not even begin for a deployment that has lost its claim', async () => {
      const executionArn = await startCrashing();
      await world.reached(executionArn, 'AwaitRollout');
      const other = { owner: 'other', deployment: 'other', redriveCount: 0, since: 0 };
      await world.putItem((item) => ({ ...item, claim: other, fence: Number(item.fence) + 1 }));
      const left = await runs(world);

      const end = await world.ended(executionArn);

      expect(end).toMatchObject({ status: 'FAILED', error: 'ClaimLost' });
      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rollbackRefused]);
      expect(await runs(world)).toBe(left);
      expect((await world.item()).claim).toEqual(other);
      await world.putItem(({ claim: _, ...item }) => item);
    });
  });

  describe('a migration that is not backward compatible', () => {
    const incompatible = migrating({ backwardCompatible: false });
    const after = migrating({ backwardCompatible: false, when: 'after' });

    it('forbids the rollback once it has run, and the failure says so', async () => {
      const end = await world.ended(await startCrashing(incompatible));

      expect(end.path).toEqual([...pathTo('AwaitRollout'), ...halted]);
      expect(end.message).toContain('Not rolled back: the migration that ran is not backward compatible');
      expect(await runs(world)).not.toBe(good);
      await expectFreed(end, 'RolloutCrashLoop');
    });

    it('forbids nothing where it was skipped', async () => {
      const end = await world.ended(
        await startCrashing({
          ...incompatible,
          document: (document) => ({ ...document, release: { ...document.release, skipMigration: true } }),
        }),
      );

      expect(end.path).toEqual([...pathTo('AwaitRollout', { migration: 'never' }), ...rolledBack]);
      expect(await runs(world)).toBe(good);
      await expectFreed(end, 'RolloutCrashLoop');
    });

    it('forbids the rollback also when it failed after the rollout: nobody knows how far it came', async () => {
      release += 1;
      faults.migrations.set(release, crash);

      const end = await world.deploy(after);

      expect(brief(end.path)).toEqual([...pathTo('AwaitMigration', { migration: 'after' }), ...halted]);
      expect(end.message).toContain('Not rolled back: the migration that ran is not backward compatible');
      expect(await runs(world)).not.toBe(good);
      await expectFreed(end, 'MigrationFailed');
    });

    it('forbids nothing when it never started', async () => {
      release += 1;
      faults.migrations.set(release, { startError: 'exec: "migrate": not found' });

      const end = await world.deploy(after);

      expect(brief(end.path)).toEqual([...pathTo('AwaitMigration', { migration: 'after' }), ...rolledBack]);
      expect(await runs(world)).toBe(good);
      await expectFreed(end, 'MigrationNotStarted');
    });
  });

  describe('a migration after the rollout that fails', () => {
    it('is rolled back like a rollout: the old code can run on the new schema', async () => {
      release += 1;
      faults.migrations.set(release, crash);

      const end = await world.deploy(migrating({ when: 'after' }));

      expect(brief(end.path)).toEqual([...pathTo('AwaitMigration', { migration: 'after' }), ...rolledBack]);
      expect(await runs(world)).toBe(good);
      await expectFreed(end, 'MigrationFailed');
    });
  });
});

describe('in a world of its own', () => {
  let other: World;
  const own = createFaults();

  afterEach(async () => {
    own.containers.clear();
    await other.end();
  });

  it('the first release ever has nothing to go back to, and the failure says so', async () => {
    other = await createWorld({ behave: behaveBy(own) });
    own.containers.set(1, crash);

    const end = await other.deploy();

    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop' });
    expect(end.path).toEqual([...pathTo('AwaitRollout'), ...halted]);
    expect(end.message).toContain('Not rolled back: no release has gone live yet');
    expect(await other.item()).not.toHaveProperty('lastKnownGood');
  });

  it('where ECS has gone back by itself there is nothing to do but to wait for it', async () => {
    other = await createWorld({ behave: behaveBy(own) }, { generation: 'instance' });
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
    await other.deploy({ service: (template) => Object.assign(template, { deploymentConfiguration }) });
    const live = await runs(other);
    let updates = 0;
    other.scenario.disturb = (call, perform) => {
      if (call.operation === 'UpdateService') updates += 1;
      return perform();
    };
    own.containers.set(2, neverStarts);

    const end = await other.deploy(changed(({ rollout }) => ({ rollout: { ...rollout, crashes: 50 } })));

    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutRolledBack' });
    expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rolledBack]);
    expect(updates).toBe(1);
    expect(await runs(other)).toBe(live);
    expect(await settled(other)).toBe(true);
  });
});
