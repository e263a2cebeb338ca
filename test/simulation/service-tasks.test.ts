import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Generation } from '#sandbox/simulation/load-balancers.ts';
import type { Api } from '#test/support/api.ts';
import { createWorldApi } from './api.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';

/** GET /services/{service} on single tasks: which are healthy, by every kind of load balancer, and which have failed. */
const SERVICE = '/services/webapp';
const NONE = { healthy: 0, unhealthy: 0, initial: 0, draining: 0, other: 0 };

describe.each<Generation>(['classic', 'instance', 'ip'])(
  'of a service behind a balancer: %s',
  (generation) => {
    let world: World;
    let api: Api;
    const running = async () => (await api('GET', SERVICE)).body.running;

    beforeAll(async () => {
      world = await createWorld({}, { generation });
      api = await createWorldApi(world);
      await world.deploy();
    });
    afterAll(() => world.end());

    it('the API tells that its task is healthy', async () => {
      expect(await running()).toMatchObject({
        deployments: [{ status: 'PRIMARY', runningCount: 1, healthyCount: 1 }],
        targets: { ...NONE, healthy: 1 },
        failedTasks: [],
      });
    });

    it('a new task runs before it is healthy', async () => {
      const executionArn = await world.start();
      await world.reached(executionArn, 'AwaitRollout');
      const seen = new Set<string>();
      await world.simulation.time.until('a healthy new task', async () => {
        const { deployments } = await running();
        const primary = deployments.find(({ status }: { status: string }) => status === 'PRIMARY');
        if (primary.runningCount === 1)
          seen.add(`${primary.taskDefinition.split(':').at(-1)} ${primary.healthyCount}`);
        return seen.has('2 1');
      });

      expect([...seen]).toEqual(['2 0', '2 1']);
      expect((await world.ended(executionArn)).status).toBe('SUCCEEDED');
    });

    it('that cannot be read, nothing is said of what is healthy and all else is told', async () => {
      world.scenario.disturb = (call, perform) => {
        if (/^Describe(TargetHealth|InstanceHealth)$/.test(call.operation))
          throw new AwsError('AccessDenied', 'User is not authorized to perform it');
        return perform();
      };

      const { status, body } = await api('GET', SERVICE);

      delete world.scenario.disturb;
      expect(status).toBe(200);
      expect(body.running).toMatchObject({
        deployments: [{ runningCount: 1, healthyCount: null }],
        targets: null,
      });
    });

    it('the list of services has nothing of single tasks, and asks nobody for them', async () => {
      const asked: string[] = [];
      world.scenario.disturb = (call, perform) => {
        asked.push(call.operation);
        return perform();
      };

      const { body } = await api('GET', '/services');

      delete world.scenario.disturb;
      expect(body.services[0].running).not.toHaveProperty('failedTasks');
      expect(body.services[0].running.deployments[0]).not.toHaveProperty('healthyCount');
      expect(asked).toContain('DescribeServices');
      expect(asked).not.toContain('ListTasks');
    });
  },
);

describe('of a service whose new tasks crash', () => {
  it('the API tells each with its reason, its exit code and when, newest first', async () => {
    const world = await createWorld();
    const api = await createWorldApi(world);
    await world.deploy();
    world.scenario.behave = (spec) =>
      !isMigration(spec) && releaseOf(spec) === 2
        ? { exitAfterMilliseconds: 100, exitCode: 7 }
        : wellBehaved(spec);
    const executionArn = await world.start();
    await world.ended(executionArn);

    const { failedTasks } = (await api('GET', SERVICE)).body.running;

    await world.end();
    expect(failedTasks.length).toBeGreaterThan(1);
    const times = failedTasks.map(({ stoppedAt }: { stoppedAt: string }) => stoppedAt);
    expect(times).toEqual([...times].sort().reverse());
    for (const failed of failedTasks)
      expect(failed).toMatchObject({
        taskDefinition: expect.stringMatching(/task-definition\/webapp:2$/),
        container: 'webapp',
        exitCode: 7,
        reason: expect.stringContaining('container webapp exited with code 7'),
      });
  });
});
