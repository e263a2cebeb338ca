import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SimulatedBehaviour } from '#sandbox/simulation/targets.ts';
import { halted, pathTo } from '#test/support/paths.ts';
import {
  createWorld,
  type Ended,
  isMigration,
  type ReleaseOptions,
  type World,
  wellBehaved,
} from './harness.ts';
import { haltedAt, secondsIn, triesOf } from './history.ts';

let world: World;
/** What runs before the deployment under test. */
let live: string | undefined;

/** Deploys a release whose migration behaves like this. */
function migrating(behaviour: SimulatedBehaviour, release?: ReleaseOptions): Promise<Ended> {
  world.scenario.behave = (spec) => (isMigration(spec) ? behaviour : wellBehaved(spec));
  return world.deploy(release);
}

const untouched = async () => ({
  item: await world.item(),
  taskDefinition: (await world.ecsService())?.taskDefinition,
  deployments: (await world.ecsService())?.deployments.length,
});

/** The service is as it was, nobody holds it, and the failure is all that the execution tells. */
async function expectUntouched() {
  const now = await untouched();
  expect(now.item.claim).toBeUndefined();
  expect(now).toMatchObject({ taskDefinition: live, deployments: live === undefined ? undefined : 1 });
}

const migrated = pathTo('UpdateService');
const migratedAgain = pathTo('AwaitMigration', { resume: 'RunMigration' });
const FAILED_IN_AWAIT = [...pathTo('AwaitMigration'), ...halted];

/** Reserves port 80 of an instance for somebody else's task, as long as it runs. */
async function occupy(): Promise<string> {
  const { tasks } = await world.call('ecs', 'RunTask', {
    cluster: 'ecs-cluster',
    taskDefinition: live,
    startedBy: 'somebody',
  });
  return tasks[0].taskArn;
}

const vacate = (task: string) => world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task });

/** A second container beside the application's, of the release's own image. */
const beside = (essential: boolean): ReleaseOptions => ({
  taskDefinition: ({ containerDefinitions }) => {
    containerDefinitions.push({
      name: 'assets',
      image: 'pacuna/webapp:LAST_COMMIT',
      command: ['assets'],
      cpu: 10,
      memory: 50,
      essential,
    });
  },
});

const isBeside = (command: string[]) => command[0] === 'assets';

describe('the first deployment of a service, whose migration fails', () => {
  it('creates no service', async () => {
    world = await createWorld();
    live = undefined;

    const end = await migrating({ exitAfterMilliseconds: 500, exitCode: 1, output: ['no such table'] });

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('container webapp exited with code 1');
    expect(end.message).toContain('The service was not touched.');
    expect(end.message).toContain('Last log lines:\n  no such table');
    await expectUntouched();
    await world.end();
  });
});

describe('a migration', () => {
  beforeAll(async () => {
    world = await createWorld();
    await world.deploy();
    live = (await world.ecsService())?.taskDefinition;
  });
  afterEach(async () => {
    world.scenario.disturb = undefined;
    world.scenario.invoke = undefined;
    await expectUntouched();
  });
  afterAll(() => world.end());

  it('that exits with another code than 0 is told with its code, the last ten log lines and what runs', async () => {
    const output = Array.from({ length: 12 }, (_, line) => `line ${line + 1}`);

    const end = await migrating({ exitAfterMilliseconds: 500, exitCode: 3, output });

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('AwaitMigration failed with MigrationFailed');
    expect(end.message).toContain('container webapp exited with code 3');
    expect(end.message).toContain(`The service was not touched: ${live} runs.`);
    expect(end.message).toContain(
      `Last log lines:\n${output
        .slice(2)
        .map((line) => `  ${line}`)
        .join('\n')}\nA redrive`,
    );
    expect(end.message).not.toContain('line 2\n');
    expect(end.message).toContain('A redrive goes on from RunMigration.');
    // An event told it: nobody waited for the heartbeat.
    expect(secondsIn(end, 'AwaitMigration')).toBeLessThan(10);
  });

  it('that is killed for its memory is told with 137 and the reason', async () => {
    const end = await migrating({ exitAfterMilliseconds: 500, outOfMemory: true });

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed', path: FAILED_IN_AWAIT });
    expect(end.message).toMatch(/exited with code 137, OutOfMemoryError/);
  });

  it('that somebody stops has failed, though its program then exits 0', async () => {
    const arn = await startEndless({ stopExitCode: 0 });
    const [task] = (await world.migrations()).filter((each) => each.lastStatus === 'RUNNING');

    await world.call('ecs', 'StopTask', {
      cluster: 'ecs-cluster',
      task: task?.taskArn,
      reason: 'Wrong database',
    });
    const end = await world.ended(arn);

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('UserInitiated: Wrong database');
  });

  it('whose program cannot be started has no exit code: MigrationNotStarted', async () => {
    const end = await migrating({ startError: 'exec: "node": executable file not found in $PATH' });

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationNotStarted', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('never started, CannotStartContainerError: exec: "node"');
  });

  it('whose image is gone by the time of the pull is MigrationNotStarted too', async () => {
    world.scenario.invoke = async (key, event, run) => {
      const { release } = (event as { document: { release: { commit: string } } }).document ?? {};
      if (key === 'runMigration')
        await world.call('ecr', 'BatchDeleteImage', {
          repositoryName: 'webapp',
          imageIds: [{ imageTag: release.commit }],
        });
      return run();
    };

    const end = await migrating({ exitAfterMilliseconds: 500 });

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationNotStarted', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('CannotPullContainerError');
  });

  it('for which no instance has its port free is tried again, then told by what ECS lacks', async () => {
    let blocker = '';
    world.scenario.invoke = async (key, _, run) => {
      if (key === 'runMigration' && blocker === '') blocker = await occupy();
      return run();
    };

    const end = await migrating({ exitAfterMilliseconds: 500 });
    await vacate(blocker);

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationNotStarted' });
    expect(end.path).toEqual([...pathTo('RunMigration'), ...halted]);
    expect(end.message).toContain('RESOURCE:PORTS');
    expect(end.message).toContain('The service was not touched');
    expect(triesOf(end, 'RunMigration')).toBe(5);
  });

  it('whose timeout is over is stopped first, then MigrationTimedOut', async () => {
    const end = await migrating(
      { output: ['still at it'] },
      {
        settings: (settings) => ({
          ...settings,
          migration: { ...migrationOf(settings), timeoutSeconds: 300 },
        }),
      },
    );

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationTimedOut', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('was stopped past its deadline');
    expect(end.message).toContain('  still at it');
    const stopped = await stoppedLast();
    expect(stopped.stoppedReason).toBe('Landfall: past the migration timeout');
    expect(stopped.stoppedAt.getTime()).toBeLessThanOrEqual(haltedAt(end));
    // The deadline is noticed by the first heartbeat past it.
    expect(secondsIn(end, 'AwaitMigration')).toBeGreaterThanOrEqual(300);
    expect(secondsIn(end, 'AwaitMigration')).toBeLessThan(370);
  });

  it('that ignores SIGTERM past its timeout is waited for until ECS has killed it', async () => {
    const end = await migrating({ ignoresStopSignal: true }, shortTimeout);

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationTimedOut', path: FAILED_IN_AWAIT });
    const stopped = await stoppedLast();
    expect(stopped.containers[0]?.exitCode).toBe(137);
    expect(stopped.stoppedAt.getTime()).toBeLessThanOrEqual(haltedAt(end));
  });

  it('that does not stop at all (its agent is lost) is given up after five minutes more, and said to run', async () => {
    world.scenario.disturb = async ({ operation }, perform) => (operation === 'StopTask' ? {} : perform());

    const end = await migrating({}, shortTimeout);

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationTimedOut', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('was told to stop and is still RUNNING');
    expect(end.message).not.toContain('was stopped');
    expect(secondsIn(end, 'AwaitMigration')).toBeGreaterThanOrEqual(330);
    expect(secondsIn(end, 'AwaitMigration')).toBeLessThan(400);
    for (const task of await world.migrations())
      if (task.lastStatus === 'RUNNING') await vacate(task.taskArn);
  });

  it('is not failed by an essential companion alone: it is, and by its name', async () => {
    world.scenario.behave = (spec) => {
      if (isBeside(spec.command)) return { exitAfterMilliseconds: 300, exitCode: 3, output: ['no assets'] };
      return isMigration(spec) ? { exitAfterMilliseconds: 1_000 } : {};
    };

    const end = await world.deploy(beside(true));

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationFailed', path: FAILED_IN_AWAIT });
    expect(end.message).toContain('container assets exited with code 3');
    expect(end.message).toContain('Last log lines:\n  no assets');
  });
});

describe('a migration that goes well in the end', () => {
  afterEach(() => world.end());

  it("for which an instance lost its agent is started on the machine's next try", async () => {
    world = await createWorld();
    let lost = 2;
    world.scenario.disturb = async ({ operation }, perform) =>
      operation === 'RunTask' && lost-- > 0
        ? { tasks: [], failures: [{ arn: 'arn:aws:ecs:instance', reason: 'AGENT' }] }
        : perform();

    const end = await world.deploy();

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(end.path.slice(0, migrated.length)).toEqual(migrated);
    expect(triesOf({ events: end.events.slice(0, eventOf(end, 'AwaitMigration')) }, 'RunMigration')).toBe(3);
    expect(await world.migrations()).toHaveLength(1);
  });

  it('is told as AGENT when no try helps', async () => {
    world = await createWorld();
    world.scenario.disturb = async ({ operation }, perform) =>
      operation === 'RunTask' ? { tasks: [], failures: [{ arn: 'arn:i', reason: 'AGENT' }] } : perform();

    const end = await world.deploy();

    expect(end).toMatchObject({ status: 'FAILED', error: 'MigrationNotStarted' });
    expect(end.path).toEqual([...pathTo('RunMigration'), ...halted]);
    expect(end.message).toContain('AGENT arn:i');
    expect((await world.item()).claim).toBeUndefined();
    expect(await world.ecsService()).toBeUndefined();

    world.scenario.disturb = undefined;
    const again = await world.redrive(end.executionArn);

    expect(again).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(again.path.slice(0, migratedAgain.length)).toEqual(migratedAgain);
  });

  it("has succeeded whatever a sidecar's exit code is", async () => {
    world = await createWorld({
      behave: (spec) =>
        isBeside(spec.command) ? { exitAfterMilliseconds: 300, exitCode: 137 } : wellBehaved(spec),
    });

    const end = await world.deploy(beside(false));

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    const [task] = await world.migrations();
    expect(task).toMatchObject({ lastStatus: 'STOPPED' });
  });
});

const migrationOf = (settings: { migration?: object }) =>
  settings.migration as NonNullable<Parameters<NonNullable<ReleaseOptions['settings']>>[0]['migration']>;

const shortTimeout: ReleaseOptions = {
  settings: (settings) => ({ ...settings, migration: { ...migrationOf(settings), timeoutSeconds: 30 } }),
};

/** A deployment whose migration runs until it is stopped, once it runs. */
async function startEndless(behaviour: SimulatedBehaviour): Promise<string> {
  world.scenario.behave = (spec) => (isMigration(spec) ? behaviour : wellBehaved(spec));
  const arn = await world.start();
  await world.reached(arn, 'AwaitMigration');
  await world.simulation.time.until('the migration runs', async () =>
    (await world.migrations()).some((task) => task.lastStatus === 'RUNNING'),
  );
  return arn;
}

interface StoppedTask {
  stoppedReason: string;
  stoppedAt: Date;
  containers: { exitCode?: number }[];
}

/** The migration that stopped last. */
async function stoppedLast(): Promise<StoppedTask> {
  const tasks = (await world.migrations()) as unknown as StoppedTask[];
  const [last] = tasks.toSorted((one, other) => +other.stoppedAt - +one.stoppedAt);
  return last as StoppedTask;
}

const eventOf = (end: Ended, state: string) =>
  end.events.findIndex((event) => event.stateEnteredEventDetails?.name === state);
