import type { Task } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { Generation } from '#sandbox/simulation/load-balancers.ts';
import type { SimulatedBehaviour } from '#sandbox/simulation/targets.ts';
import { calmPath, halted, pathTo, rolledBack } from '#test/support/paths.ts';
import type { ServiceFile } from './generations.ts';
import { createWorld, type Ended, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { recordOf } from './runs.ts';

let world: World;
/** What the containers of a release do, by its build; all others serve. */
const faults = new Map<number, SimulatedBehaviour>();

const begin = async (options: { generation?: Generation; instances?: number } = {}) => {
  world = await createWorld(
    { behave: (spec) => (isMigration(spec) ? wellBehaved(spec) : (faults.get(releaseOf(spec)) ?? {})) },
    options,
  );
};

afterEach(async () => {
  faults.clear();
  await world.end();
});

const CRASHES: SimulatedBehaviour = { exitAfterMilliseconds: 1_000, exitCode: 1, output: ['no database'] };
const live = calmPath({ looks: 2 });
/** In a redrive of a deployment that had touched the service. */
const liveAgain = calmPath({ looks: 2, resume: 'UpdateService' });
const toRollout = pathTo('AwaitRollout');

const SERVICE = { cluster: 'ecs-cluster', service: 'webapp-service' };

const rollout = (given: Partial<ServiceSettings['rollout']>) => ({
  settings: (settings: ServiceSettings) => ({ ...settings, rollout: { ...settings.rollout, ...given } }),
});
const configured = (deploymentConfiguration: object, desiredCount = 1) => ({
  service: (service: ServiceFile) => Object.assign(service, { deploymentConfiguration, desiredCount }),
});

const pass = (seconds: number) => world.simulation.time.pass(seconds);
const update = (change: object) => world.call('ecs', 'UpdateService', { ...SERVICE, ...change });
const runs = async () => (await world.ecsService())?.taskDefinition.split('/').at(-1);

/** The service's tasks of one revision, in the order in which they were made. */
async function tasksOf(revision: number, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<Task[]> {
  const { cluster, service: serviceName } = SERVICE;
  const { taskArns } = await world.call('ecs', 'ListTasks', { cluster, serviceName, desiredStatus });
  if (taskArns.length === 0) return [];
  const { tasks } = await world.call('ecs', 'DescribeTasks', { cluster, tasks: taskArns });
  return tasks.filter((task: Task) => task.taskDefinitionArn?.endsWith(`:${revision}`));
}

/** Ends FAILED with this name, and the claim is free. */
async function expectFailure(end: Ended, error: string, path: string[], ...says: string[]) {
  expect(end).toMatchObject({ status: 'FAILED', error, path });
  for (const text of says) expect(end.message).toContain(text);
  expect((await world.item()).claim).toBeUndefined();
}

const expectLive = (end: Ended, path: string[]) =>
  expect(end).toMatchObject({ message: '', status: 'SUCCEEDED', path });

/** Virtual milliseconds between the last of these stops and the failure of the state. */
function delayOf(end: Ended, stopped: Task[]): number {
  const failedAt = end.events.find(
    (event) => event.type === 'TaskFailed' || event.type === 'LambdaFunctionFailed',
  );
  const lastStop = Math.max(...stopped.map((task) => task.stoppedAt?.getTime() ?? 0));
  return (failedAt?.timestamp?.getTime() ?? 0) - lastStop;
}

describe('a crash loop', () => {
  it('is told within seconds of the configured number of crashes, and is counted anew after a redrive', async () => {
    await begin();
    await world.deploy();
    faults.set(2, CRASHES);

    const end = await world.deploy();

    await expectFailure(
      end,
      'RolloutCrashLoop',
      [...toRollout, ...rolledBack],
      '3 tasks of',
      'container webapp exited with code 1',
      'Rolled back: arn:aws:ecs:us-east-1:000000000000:task-definition/webapp:1 runs.',
      'Last log lines:\n  no database',
      'A redrive goes on from UpdateService.',
    );
    const first = await tasksOf(2, 'STOPPED');
    expect(first).toHaveLength(3);
    expect(delayOf(end, first)).toBeLessThan(5_000);
    expect(await runs()).toBe('webapp:1');

    await expectFailure(await world.redrive(end.executionArn), 'RolloutCrashLoop', [
      ...pathTo('AwaitRollout', { resume: 'UpdateService' }),
      ...rolledBack,
    ]);
    expect(await tasksOf(2, 'STOPPED')).toHaveLength(6);

    faults.clear();
    expectLive(await world.redrive(end.executionArn), liveAgain);
    expect(await runs()).toBe('webapp:2');
  });

  it('of the first release ever leaves nothing to go back to', async () => {
    await begin();
    faults.set(1, CRASHES);

    const end = await world.deploy();

    await expectFailure(end, 'RolloutCrashLoop', [...toRollout, ...halted], 'no release has gone live yet');
    faults.clear();
    expectLive(await world.redrive(end.executionArn), liveAgain);
  });

  it('of tasks that never start is told as often as ECS tries', async () => {
    await begin({ generation: 'ip' });
    await world.deploy();
    faults.set(2, { startError: 'exec: "serve": executable file not found in $PATH' });

    const end = await world.deploy(rollout({ crashes: 2 }));

    await expectFailure(
      end,
      'RolloutCrashLoop',
      [...toRollout, ...rolledBack],
      'container webapp never started, CannotStartContainerError: exec: "serve"',
    );
    expect(delayOf(end, await tasksOf(2, 'STOPPED'))).toBeLessThan(5_000);
  });

  it('is told while the health is looked at, where every task passes its first check and then crashes', async () => {
    await begin({ generation: 'instance' });
    await world.deploy();
    faults.set(2, CRASHES);

    const end = await world.deploy();

    expect(end.path.slice(0, toRollout.length)).toEqual(toRollout);
    await expectFailure(
      end,
      'RolloutCrashLoop',
      [
        ...pathTo('CheckHealth', { looks: end.path.filter((state) => state === 'CheckHealth').length }),
        ...rolledBack,
      ],
      '3 tasks of',
      'Last log lines:\n  no database',
    );
    expect(await tasksOf(2, 'STOPPED')).toHaveLength(3);
    // A function that throws tells as much as one that answers a task token.
    const { failure } = await recordOf(world, end.executionArn);
    expect(failure).toMatchObject({
      state: 'CheckHealth',
      detail: { exitCode: 1, container: 'webapp', taskArn: expect.any(String), logTail: ['no database'] },
    });
  });
});

describe('targets that never get healthy', () => {
  it('are told by the reason for which ECS stops their tasks', async () => {
    await begin({ generation: 'ip' });
    await world.deploy();
    faults.set(2, { answers: () => 500 });

    const end = await world.deploy(rollout({ crashes: 2 }));

    await expectFailure(
      end,
      'HealthCheckFailed',
      [...toRollout, ...rolledBack],
      '2 tasks of',
      'Task failed ELB health checks in (target-group',
    );
    faults.clear();
    expectLive(await world.redrive(end.executionArn), liveAgain);
  });
});

describe('the circuit breaker', () => {
  const breaker = (rollback: boolean) => configured({ deploymentCircuitBreaker: { enable: true, rollback } });
  const patient = rollout({ crashes: 10 });

  it('that rolled the service back leaves it stable, which is no success', async () => {
    await begin({ generation: 'ip' });
    await world.deploy(breaker(true));
    const before = (await world.ecsService())?.deployments[0]?.id;
    faults.set(2, { answers: () => 500 });

    const end = await world.deploy(patient);

    await expectFailure(
      end,
      'RolloutRolledBack',
      [...toRollout, ...rolledBack],
      'ECS deployment circuit breaker: tasks failed to start',
      `and ${before} with arn:aws:ecs:us-east-1:000000000000:task-definition/webapp:1 is primary again`,
    );
    // Our way back is the one that ECS has gone already.
    expect((await world.ecsService())?.deployments).toMatchObject([
      { id: before, rolloutState: 'COMPLETED' },
    ]);
    faults.clear();
    expectLive(await world.redrive(end.executionArn), liveAgain);
  });

  it('that rolled back is told so where we may not', async () => {
    await begin({ generation: 'ip' });
    await world.deploy(breaker(true));
    faults.set(2, { answers: () => 500 });

    const end = await world.deploy({
      settings: (settings) => ({ ...patient.settings(settings), rollback: 'manual' }),
    });

    const says = 'ECS has gone back to the revision of before by itself.';
    await expectFailure(end, 'RolloutRolledBack', [...toRollout, ...halted], says);
    expect(await runs()).toBe('webapp:1');
  });

  it('without rollback leaves that to us', async () => {
    await begin({ generation: 'ip' });
    await world.deploy(breaker(false));
    faults.set(2, { answers: () => 500 });

    const end = await world.deploy(patient);

    await expectFailure(end, 'RolloutFailed', [...toRollout, ...rolledBack], 'tasks failed to start');
    expect(await runs()).toBe('webapp:1');
  });
});

describe("somebody else's deployment on top", () => {
  it('is told at once and left alone; a redrive deploys after all', async () => {
    await begin({ generation: 'instance' });
    await world.deploy();
    const execution = await world.start();
    await world.reached(execution, 'AwaitRollout');
    await pass(1);
    const { service } = await update({ taskDefinition: 'webapp:1' });

    const end = await world.ended(execution);

    await expectFailure(
      end,
      'RolloutReplaced',
      [...toRollout, ...halted],
      `${service.deployments[0].id} with ${service.taskDefinition} is primary`,
      "Not rolled back: somebody else's deployment runs",
    );
    expect((await world.ecsService())?.deployments[0]?.id).toBe(service.deployments[0].id);
    expectLive(await world.redrive(end.executionArn), liveAgain);
    expect(await runs()).toBe('webapp:2');
  });

  it('is told too when it comes while the health is looked at', async () => {
    await begin({ generation: 'instance' });
    await world.deploy();
    const execution = await world.start();
    await world.reached(execution, 'WaitForTargets');
    await update({ taskDefinition: 'webapp:1' });

    const end = await world.ended(execution);

    await expectFailure(end, 'RolloutReplaced', [...pathTo('CheckHealth', { looks: 2 }), ...halted]);
    expect((await world.item()).lastKnownGood?.taskDefinition).toMatch(/webapp:1$/);
  });
});

describe('static host ports', () => {
  const drain = async (instances: unknown[], status: 'DRAINING' | 'ACTIVE') =>
    world.call('ecs', 'UpdateContainerInstancesState', { ...SERVICE, containerInstances: instances, status });

  /** The container instances that no task of the service is on. */
  async function freeInstances(): Promise<string[]> {
    const { containerInstanceArns } = await world.call('ecs', 'ListContainerInstances', SERVICE);
    const taken = (await tasksOf(1, 'RUNNING')).map((task) => task.containerInstanceArn);
    return containerInstanceArns.filter((arn: string) => !taken.includes(arn));
  }

  it('on a full cluster are told before anything changes', async () => {
    await begin();
    await world.deploy(configured({}, 2));

    const end = await world.deploy();

    await expectFailure(
      end,
      'PlacementImpossible',
      [...pathTo('VerifyRelease'), ...halted],
      'already uses host port 80',
    );
    await update({ desiredCount: 1 });
    await pass(5);
    expectLive(await world.redrive(end.executionArn), live);
  });

  it('on a cluster that filled up after the pre-flight are told at once; what ran is never stopped', async () => {
    await begin();
    await world.deploy();
    const execution = await world.start();
    await world.reached(execution, 'AwaitMigration');
    const free = await freeInstances();
    await drain(free, 'DRAINING');
    const since = world.simulation.time.now();

    const end = await world.ended(execution);

    await expectFailure(
      end,
      'PlacementFailed',
      [...toRollout, ...rolledBack],
      'was unable to place a task because no container instance met all of its requirements',
      'Rolled back: ',
    );
    expect(world.simulation.time.now() - since).toBeLessThan(10_000);
    expect(await tasksOf(1, 'STOPPED')).toEqual([]);
    await drain(free, 'ACTIVE');
    expectLive(await world.redrive(end.executionArn), liveAgain);
  });

  it('that become free when ECS stops an old task first are no failure, however long that takes', async () => {
    await begin();
    faults.set(1, { stopMilliseconds: 20_000 });
    await world.deploy(configured({ minimumHealthyPercent: 50 }, 2));

    const end = await world.deploy({ settings: ({ migration: _, ...settings }) => settings });

    expectLive(end, calmPath({ looks: 2, migration: 'never' }));
    expect(await tasksOf(2, 'RUNNING')).toHaveLength(2);
  });

  it('are told before anything changes where only the migration finds no place', async () => {
    await begin();
    await world.deploy(configured({ minimumHealthyPercent: 50 }, 2));

    const end = await world.deploy();

    await expectFailure(end, 'PlacementImpossible', [...pathTo('VerifyRelease'), ...halted], 'host port 80');
  });
});

describe('the deadline', () => {
  it('fails a rollout that ECS cannot get on with, and tells what ECS says of it', async () => {
    await begin();
    await world.deploy(configured({ minimumHealthyPercent: 100, maximumPercent: 100 }));

    const end = await world.deploy(rollout({ timeoutSeconds: 90 }));

    await expectFailure(
      end,
      'RolloutTimedOut',
      [...toRollout, ...rolledBack],
      '0 of 1 tasks of',
      'was unable to stop or start tasks during a deployment because of the service deployment configuration',
      'Rolled back: ',
    );
    await update({ deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 } });
    expectLive(await world.redrive(end.executionArn), liveAgain);
  });
});

describe('a crash loop that was not rolled back', () => {
  it('does not stand in the way of its fix, though its tasks hold the static port of the other instance', async () => {
    await begin();
    await world.deploy();
    faults.set(2, CRASHES);
    const manual = (settings: ServiceSettings): ServiceSettings => ({ ...settings, rollback: 'manual' });
    const broken = await world.deploy({ settings: manual });
    expect(broken).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop' });
    await pass(3600);

    const skipped = (document: DeploymentDocument) => ({
      ...document,
      release: { ...document.release, skipMigration: true },
    });
    const end = await world.deploy({ document: skipped });

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(await runs()).toBe('webapp:3');
  });
});

describe('the desired count', () => {
  it('of a service may be zero', async () => {
    await begin();

    expectLive(await world.deploy(configured({}, 0)), live);
    expectLive(await world.deploy(), live);
    expect(await runs()).toBe('webapp:2');
  });

  it.each<[string, Generation, number, number]>([
    ['raised', 'ip', 1, 3],
    ['lowered', 'instance', 3, 1],
    ['set to zero', 'instance', 2, 0],
    ['set to zero behind a classic load balancer', 'classic', 1, 0],
  ])('may be %s during the rollout', async (_, generation, from, to) => {
    await begin({ generation });
    await world.deploy(configured({}, from));
    const execution = await world.start();
    await world.reached(execution, 'AwaitRollout');
    await pass(3);
    await update({ desiredCount: to });

    const end = await world.ended(execution);

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(await tasksOf(2, 'RUNNING')).toHaveLength(to);
    expect(await tasksOf(1, 'RUNNING')).toHaveLength(0);
  });
});

describe('a service that is deleted during the rollout', () => {
  it('is told as unusable, is not rolled back, and a redrive creates it anew once it has drained', async () => {
    await begin();
    faults.set(1, { stopMilliseconds: 10_000 });
    await world.deploy();
    const execution = await world.start();
    await world.reached(execution, 'AwaitRollout');
    await pass(1);
    await world.call('ecs', 'DeleteService', { ...SERVICE, force: true });

    const end = await world.ended(execution);

    await expectFailure(end, 'ServiceUnusable', [...toRollout, ...halted], 'The service has been deleted');
    const draining = await world.redrive(end.executionArn);
    await expectFailure(draining, 'RolloutRejected', [
      ...pathTo('UpdateService', { resume: 'UpdateService' }),
      ...halted,
    ]);
    await pass(60);
    expectLive(await world.redrive(end.executionArn), liveAgain);
    expect(await runs()).toBe('webapp:2');
  });
});
