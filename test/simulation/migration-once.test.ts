import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import { halted, pathTo } from '#test/support/paths.ts';
import { createWorld, type Ended, isMigration, type World, wellBehaved } from './harness.ts';
import { triesOf } from './history.ts';
import { crashing } from './runs.ts';

/** Whatever is retried, doubled, lost or re-driven: a release's migration runs once at a time, and again only after it failed. */
let world: World;

const taskIn = (output: unknown) => (output as DeploymentDocument).migration?.taskArn;

const migrated = pathTo('UpdateService');
const migratedAgain = pathTo('AwaitMigration', { resume: 'RunMigration' });

interface MigrationTask {
  taskArn: string;
  lastStatus: string;
  createdAt: Date;
  stoppedAt?: Date;
}

const migrations = async () => (await world.migrations()) as unknown as MigrationTask[];

/** So many migrations ran, and none before the one before it had stopped. */
async function expectMigrations(count: number): Promise<void> {
  const tasks = (await migrations()).toSorted((one, other) => +one.createdAt - +other.createdAt);
  expect(tasks).toHaveLength(count);
  for (const [index, task] of tasks.entries()) {
    const before = tasks[index - 1];
    if (before !== undefined) expect(+(before.stoppedAt ?? Number.NaN)).toBeLessThanOrEqual(+task.createdAt);
  }
}

async function expectDeployed(end: Ended): Promise<void> {
  expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
  expect((await world.item()).claim).toBeUndefined();
}

/** A migration that takes a while: long enough to be met by whatever comes. */
const takes = (seconds: number, exitCode = 0) => {
  world.scenario.behave = (spec) =>
    isMigration(spec) ? { exitAfterMilliseconds: seconds * 1000, exitCode } : wellBehaved(spec);
};

/** Throws in place of the answers to the first `count` calls of an operation, after it was performed. */
function loseAnswers(operation: string, count: number): void {
  let left = count;
  world.scenario.disturb = async (call, perform) => {
    const answer = await perform();
    if (call.operation === operation && left-- > 0) throw new ConnectionLost();
    return answer;
  };
}

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

describe('one migration', () => {
  it('runs when the answer of RunTask is lost', async () => {
    loseAnswers('RunTask', 1);

    const end = await world.deploy();

    await expectDeployed(end);
    expect(end.path.slice(0, migrated.length)).toEqual(migrated);
    await expectMigrations(1);
  });

  it("runs when the answer is lost so often that it takes the machine's own retry", async () => {
    takes(120);
    loseAnswers('RunTask', 4);

    const end = await world.deploy();

    await expectDeployed(end);
    const untilAwait = end.events.findIndex(
      (event) => event.stateEnteredEventDetails?.name === 'AwaitMigration',
    );
    expect(triesOf({ events: end.events.slice(0, untilAwait) }, 'RunMigration')).toBe(2);
    await expectMigrations(1);
  });

  it('runs when the function is invoked twice at the same time', async () => {
    world.scenario.invoke = async (key, _, run) => {
      if (key !== 'runMigration') return run();
      const [answer, other] = await Promise.all([run(), run()]);
      // The second waits until the first one's call has landed, and finds its task.
      expect(taskIn(answer)).toMatch(/:task\//);
      expect(taskIn(other)).toBe(taskIn(answer));
      return answer;
    };

    await expectDeployed(await world.deploy());

    await expectMigrations(1);
  });

  it('runs when the function is invoked again after the migration has ended', async () => {
    world.scenario.invoke = async (key, _, run) => {
      if (key !== 'runMigration') return run();
      const first = (await run()) as { migration: { taskArn: string } };
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      const second = (await run()) as typeof first;
      expect(second.migration.taskArn).toBe(first.migration.taskArn);
      return second;
    };

    await expectDeployed(await world.deploy());

    await expectMigrations(1);
  });

  it('is adopted by the redrive when the function crashed after it had started the task', async () => {
    takes(600);
    crashAfter('runMigration');

    const end = await world.deploy();
    expect(end).toMatchObject({ status: 'FAILED', error: 'Error' });
    expect(end.path).toEqual([...pathTo('RunMigration'), ...halted]);
    const again = await world.redrive(end.executionArn);

    await expectDeployed(again);
    expect(again.path.slice(0, migratedAgain.length)).toEqual(migratedAgain);
    await expectMigrations(1);
  });

  it('is adopted when it had succeeded by the time of the redrive', async () => {
    takes(5);
    crashAfter('runMigration');

    const end = await world.deploy();
    await world.simulation.time.pass(60);
    await expectDeployed(await world.redrive(end.executionArn));

    await expectMigrations(1);
  });

  it("is retried by the machine when Lambda itself fails after the function's work", async () => {
    takes(60);
    let crashes = 2;
    world.scenario.invoke = async (key, _, run) => {
      const answer = await run();
      if (key === 'runMigration' && crashes-- > 0)
        throw Object.assign(new Error('Service failed'), { name: 'Lambda.ServiceException' });
      return answer;
    };

    await expectDeployed(await world.deploy());

    await expectMigrations(1);
  });

  it('is still waited for when the execution is stopped in AwaitMigration and re-driven', async () => {
    takes(300);
    const arn = await world.start();
    await world.reached(arn, 'AwaitMigration');
    await world.simulation.time.pass(20);
    await world.stopExecution(arn);
    expect((await world.item()).claim).toBeUndefined();
    await world.simulation.time.pass(20);

    const again = await world.redrive(arn);

    await expectDeployed(again);
    expect(again.path[0]).toBe('NeedsMigration');
    await expectMigrations(1);
  });

  it('is adopted when the wait failed while it ran, and the deployment is re-driven', async () => {
    takes(300);
    denyDescribeTasks();

    const end = await world.deploy();
    expect(end).toMatchObject({ status: 'FAILED', error: 'AccessDenied' });
    expect(end.path).toEqual([...pathTo('AwaitMigration'), ...halted]);
    world.scenario.disturb = undefined;
    const again = await world.redrive(end.executionArn);

    await expectDeployed(again);
    expect(again.path.slice(0, migratedAgain.length)).toEqual(migratedAgain);
    await expectMigrations(1);
  });

  it('that would not stop at its timeout is adopted, not joined by a second one', async () => {
    takes(700);
    world.scenario.disturb = async ({ operation }, perform) => (operation === 'StopTask' ? {} : perform());
    const end = await world.deploy({
      settings: (settings) => ({
        ...settings,
        migration: {
          overrides: 'ecs/task-definitions/migrate-overrides.json',
          when: 'before',
          backwardCompatible: true,
          timeoutSeconds: 30,
        },
      }),
    });
    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationTimedOut' });

    world.scenario.disturb = undefined;
    const again = await world.redrive(end.executionArn);

    // Its time is over again before it ends by itself, and this time it does stop.
    expect(again).toMatchObject({ status: 'FAILED', error: 'MigrationTimedOut' });
    await expectMigrations(1);
    takes(1);
    await expectDeployed(await world.redrive(end.executionArn));
    await expectMigrations(2);
  });

  it("is shared by another deployment of the same release, when the first one's execution was stopped", async () => {
    takes(300);
    const commit = 'd'.repeat(40);
    const first = await world.start({ commit });
    await world.reached(first, 'AwaitMigration');
    await world.simulation.time.pass(20);
    const { input } = await world.call('states', 'DescribeExecution', { executionArn: first });
    await world.stopExecution(first);

    const { stateMachineArn } = await world.call('states', 'DescribeExecution', { executionArn: first });
    const document = { ...JSON.parse(input), deployment: 'webapp-again' };
    const { executionArn } = await world.call('states', 'StartExecution', {
      stateMachineArn,
      name: document.deployment,
      input: JSON.stringify(document),
    });

    await expectDeployed(await world.ended(executionArn));
    await expectMigrations(1);
  });
});

describe("another release's migration", () => {
  beforeEach(async () => {
    await world.end();
    // Room for a service task and two migrations with the same static port, so that ports are not what stops one.
    world = await createWorld({}, { instances: 4 });
  });

  async function leftRunning(): Promise<void> {
    const first = await world.start();
    await world.reached(first, 'AwaitMigration');
    await world.simulation.time.pass(20);
    await world.stopExecution(first);
  }

  it('that a stopped deployment left running is waited for', async () => {
    takes(300);
    await leftRunning();

    await expectDeployed(await world.deploy());

    await expectMigrations(2);
  });

  it('is stopped at its timeout when nobody else is left to do it', async () => {
    takes(5_000);
    await leftRunning();

    world.scenario.behave = wellBehaved;
    const end = await world.deploy();

    await expectDeployed(end);
    await expectMigrations(2);
    const [orphan] = (await world.migrations()).filter((task) => task.stoppedReason?.startsWith('Landfall'));
    expect(orphan).toBeDefined();
  });
});

describe('a migration runs anew', () => {
  it('on each redrive after it failed, until it has succeeded', async () => {
    takes(5, 1);
    const end = await world.deploy();
    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed' });

    const second = await world.redrive(end.executionArn);
    expect(second).toMatchObject({ status: 'FAILED', error: 'MigrationFailed' });
    expect(second.path).toEqual([...migratedAgain, ...halted]);
    await expectMigrations(2);

    takes(5);
    await expectDeployed(await world.redrive(end.executionArn));
    await expectMigrations(3);
  });

  it('not at all when what failed came after it', async () => {
    world.scenario.behave = crashing(1);
    const end = await world.deploy();
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop' });

    world.scenario.behave = wellBehaved;
    const again = await world.redrive(end.executionArn);

    await expectDeployed(again);
    const toRollout = pathTo('AwaitRollout', { resume: 'UpdateService' });
    expect(again.path.slice(0, toRollout.length)).toEqual(toRollout);
    await expectMigrations(1);
  });
});

/** The function does its work and dies before it can answer. */
function crashAfter(functionKey: string): void {
  let crashes = 1;
  world.scenario.invoke = async (key, _, run) => {
    const answer = await run();
    if (key === functionKey && crashes-- > 0) throw new Error('The handler crashed');
    return answer;
  };
}

function denyDescribeTasks(): void {
  world.scenario.disturb = async ({ operation }, perform) => {
    if (operation === 'DescribeTasks') throw new AwsError('AccessDeniedException', 'not authorized');
    return perform();
  };
}
