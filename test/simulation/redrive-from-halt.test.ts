import { describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import { brief, calmPath, halted, pathTo, rolledBack } from '#test/support/paths.ts';
import type { ReleaseOptions } from './harness.ts';
import { changed, useRedrives } from './redrives.ts';
import { crash } from './runs.ts';

interface Kind {
  error: string;
  fail: () => Promise<ReleaseOptions> | ReleaseOptions;
  /** Path of a redrive while the cause lasts, and once it is gone. */
  again: string[];
  live: string[];
  cure?: () => Promise<unknown>;
}

describe('a redrive from HaltDeployment', () => {
  const redrives = useRedrives();
  const { faults, next, start, deploy, refuse, well, stopMigrations, expectLive, expectHalted } = redrives;

  const migration = {
    again: [...pathTo('AwaitMigration', { resume: 'RunMigration' }), ...halted],
    live: calmPath({ resume: 'RunMigration' }),
  };
  const preflight = {
    again: [...pathTo('VerifyRelease'), ...halted],
    live: calmPath(),
  };
  const rollout = {
    again: [...pathTo('AwaitRollout', { resume: 'UpdateService' }), ...rolledBack],
    live: calmPath({ resume: 'UpdateService' }),
  };
  let cleanUp: string | undefined;

  /** Something else that has port 80 of the instance that is free. */
  async function takePort() {
    await redrives.world.call('ecs', 'RegisterTaskDefinition', {
      family: 'blocker',
      containerDefinitions: [
        {
          name: 'blocker',
          image: 'busybox',
          memory: 16,
          portMappings: [{ containerPort: 80, hostPort: 80 }],
        },
      ],
    });
    const { tasks } = await redrives.world.call('ecs', 'RunTask', {
      cluster: 'ecs-cluster',
      taskDefinition: 'blocker',
    });
    cleanUp = tasks[0].taskArn;
  }

  const kinds: Record<string, Kind> = {
    'a migration that failed': {
      error: 'MigrationFailed',
      fail: () => {
        faults.migrations.set(next(), crash);
        return {};
      },
      ...migration,
    },
    'a migration that never started': {
      error: 'MigrationNotStarted',
      fail: () => {
        faults.migrations.set(next(), { startError: 'no such file' });
        return {};
      },
      ...migration,
    },
    'a migration that ran past its timeout': {
      error: 'MigrationTimedOut',
      fail: () => {
        faults.migrations.set(next(), {});
        return changed(({ migration }) => ({ migration: migration && { ...migration, timeoutSeconds: 30 } }));
      },
      ...migration,
    },
    'a crash loop': {
      error: 'RolloutCrashLoop',
      fail: () => {
        faults.containers.set(next(), crash);
        return changed(({ rollout }) => ({ rollout: { ...rollout, crashes: 1 } }));
      },
      ...rollout,
    },
    'unhealthy answers': {
      error: 'HealthCheckFailed',
      fail: () => {
        faults.containers.set(next(), { answers: (path) => (path === '/ready' ? 500 : 200) });
        return changed(({ health }) => ({ health: { ...health, path: '/ready', timeoutSeconds: 2 } }));
      },
      again: [...pathTo('CheckHealth', { resume: 'UpdateService' }), ...rolledBack],
      live: rollout.live,
    },
    'a cluster without room': {
      error: 'PlacementImpossible',
      fail: async () => {
        await takePort();
        return {};
      },
      cure: () => redrives.world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task: cleanUp }),
      ...preflight,
    },
    'a frozen service': {
      error: 'ServiceFrozen',
      fail: async () => {
        await redrives.world.putItem((item) => ({
          ...item,
          freeze: { reason: 'audit', requestedBy: 'Ann' },
        }));
        return {};
      },
      cure: () => redrives.world.putItem(({ freeze: _, ...item }) => item),
      again: [...pathTo('ClaimService'), ...halted],
      live: preflight.live,
    },
    'a service that another deployment holds': {
      error: 'DeploymentInProgress',
      fail: async () => {
        faults.migrations.set(next(), {});
        cleanUp = await start();
        await redrives.world.reached(cleanUp, 'AwaitMigration');
        return changed(() => ({ concurrency: 'reject' }));
      },
      cure: async () => {
        await redrives.world.stopExecution(cleanUp ?? '');
        await stopMigrations();
      },
      again: [...pathTo('ClaimService'), ...halted],
      live: preflight.live,
    },
    'a bundle that was not there': {
      error: 'BundleUnreadable',
      fail: () => {
        refuse(
          'GetObject',
          new AwsError('NoSuchKey', 'The specified key does not exist.', { httpStatus: 404 }),
        );
        return {};
      },
      ...preflight,
    },
    'an image that was not there': {
      error: 'ImageNotFound',
      fail: () => {
        refuse('DescribeImages', new AwsError('ImageNotFoundException', 'The image does not exist.'));
        return {};
      },
      ...preflight,
    },
    'an AWS that was down': {
      error: 'AwsUnavailable',
      fail: () => {
        refuse('RegisterTaskDefinition', new AwsError('ServerException', 'Down.', { httpStatus: 503 }));
        return {};
      },
      again: [...pathTo('RegisterTaskDefinition'), ...halted],
      live: preflight.live,
    },
    'a permission that lacked': {
      error: 'AccessDenied',
      fail: () => {
        refuse('UpdateService', new AwsError('AccessDeniedException', 'Not authorized.'));
        return {};
      },
      again: [...pathTo('UpdateService', { resume: 'UpdateService' }), ...halted],
      live: rollout.live,
    },
    'a record that could not be written': {
      error: 'AccessDenied',
      fail: () => {
        const denied = new AwsError('AccessDeniedException', 'Not authorized.');
        // Only what CompleteDeployment does: the claim is freed by then, and the record is not closed.
        redrives.world.scenario.invoke = async (key, _, run) => {
          if (key !== 'completeDeployment') return run();
          refuse('dynamodb:PutItem (record)', denied);
          return run().finally(() => delete redrives.world.scenario.disturb);
        };
        return {};
      },
      cure: async () => {
        delete redrives.world.scenario.invoke;
      },
      // What runs is looked at again before it is called live: the claim was free in between.
      again: [...pathTo('CompleteDeployment', { resume: 'UpdateService' }), ...halted],
      live: rollout.live,
    },
  };

  it.each(Object.entries(kinds))(
    'after %s fails again by the same name, and goes on once the cause is gone',
    async (_, kind) => {
      const first = await deploy(await kind.fail());
      await expectHalted(first, kind.error, 0);

      const second = await redrives.world.redrive(first.executionArn);

      expect(brief(second.path)).toEqual(kind.again);
      await expectHalted(second, kind.error, 1);
      const third = await redrives.world.redrive(first.executionArn);
      await expectHalted(third, kind.error, 2);
      well();
      await kind.cure?.();
      const last = await redrives.world.redrive(first.executionArn);
      expect(brief(last.path)).toEqual(kind.live);
      await expectLive(last, 3);
    },
  );
});
