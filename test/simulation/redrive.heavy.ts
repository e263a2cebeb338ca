import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { fileOfState, keyOf, stateMachine } from '../support/wiring.ts';
import { createWorld, type Ended, type ReleaseOptions, type World } from './harness.ts';
import {
  behaveBy,
  brief,
  crash,
  createFaults,
  HALTED,
  LIVE,
  listen,
  MIGRATED,
  REGISTERED,
  ROLLED_BACK,
  ROLLED_OUT,
  recordOf,
  runs,
} from './runs.ts';

/** Every Task state of the machine itself: a new one is tested here unasked. */
const TASKS = Object.entries(stateMachine.States)
  .filter(([, { Type }]) => Type === 'Task')
  .map(([name]) => name);
const functionOf = (state: string) => keyOf(fileOfState(state));
/** Entered only once something has failed. */
const THE_WAY_BACK = ['RollBackService', 'AwaitRollback', 'HaltDeployment'];

const RESUMED = ['ClaimService', 'ResumeFrom'];
const VERIFIED = REGISTERED.slice(2);
const MIGRATING = MIGRATED.slice(5);

const changed = (change: (settings: ServiceSettings) => Partial<ServiceSettings>): ReleaseOptions => ({
  settings: (settings) => ({ ...settings, ...change(settings) }),
});

const faults = createFaults();
let world: World;
/** Subjects of what people were told in a test. */
let told: string[];
/** The number of the next release. */
const next = () => faultsOf.build + 1;
const faultsOf = { build: 0 };

async function deploy(options: ReleaseOptions = {}): Promise<Ended> {
  return world.ended(await start(options));
}

async function start(options: ReleaseOptions = {}): Promise<string> {
  faultsOf.build += 1;
  return world.start(options);
}

/** A world with a release that is live. */
function useWorld(): void {
  beforeAll(async () => {
    faultsOf.build = 0;
    world = await createWorld({ behave: behaveBy(faults) });
    await deploy();
  });

  afterEach(() => {
    well();
    delete world.scenario.invoke;
  });

  afterAll(() => world.end());
}

/** Makes an operation of AWS fail. */
function refuse(operation: string, error: AwsError): void {
  world.scenario.disturb = async (call, perform) => {
    if (call.operation === operation) throw error;
    return perform();
  };
}

/** Takes the cause of every failure away. */
function well(): void {
  faults.containers.clear();
  faults.migrations.clear();
  delete world.scenario.disturb;
}

/** Nobody stops the migration of an execution that was stopped: it goes on, and holds its port. */
async function stopMigrations(): Promise<void> {
  for (const { taskArn, lastStatus } of await world.migrations())
    if (lastStatus !== 'STOPPED')
      await world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task: taskArn });
}

async function expectLive(end: Ended, redriveCount: number): Promise<void> {
  expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
  const { lastKnownGood, claim } = await world.item();
  expect(end.executionArn.endsWith(`:${lastKnownGood?.deployment}`)).toBe(true);
  expect(lastKnownGood?.taskDefinition.endsWith(`/${await runs(world)}`)).toBe(true);
  expect(claim).toBeUndefined();
  const record = await recordOf(world, end.executionArn);
  expect(record).toMatchObject({ status: 'SUCCEEDED', redriveCount, endedAt: expect.any(Number) });
  // What an earlier run failed with is not how it ended.
  expect(record).not.toHaveProperty('error');
  expect(record).not.toHaveProperty('message');
}

async function expectHalted(end: Ended, error: string, redriveCount: number): Promise<void> {
  expect(end).toMatchObject({ status: 'FAILED', error });
  expect((await world.item()).claim?.owner).not.toBe(end.executionArn);
  expect(await recordOf(world, end.executionArn)).toMatchObject({
    status: 'FAILED',
    error,
    redriveCount,
    message: end.message,
    endedAt: expect.any(Number),
  });
}

interface Kind {
  error: string;
  fail: () => Promise<ReleaseOptions> | ReleaseOptions;
  /** Path of a redrive while the cause lasts, and once it is gone. */
  again: string[];
  live: string[];
  cure?: () => Promise<unknown>;
}

describe('a redrive from HaltDeployment', () => {
  useWorld();

  const migration = {
    again: [...RESUMED, 'RunMigration', 'AwaitMigration', ...HALTED],
    live: [...RESUMED, ...MIGRATING, ...LIVE],
  };
  const preflight = {
    again: [...RESUMED, 'VerifyRelease', ...HALTED],
    live: [...RESUMED, ...VERIFIED, ...MIGRATING, ...LIVE],
  };
  const rollout = { again: [...RESUMED, ...ROLLED_OUT, ...ROLLED_BACK], live: [...RESUMED, ...LIVE] };
  let cleanUp: string | undefined;

  /** Something else that has port 80 of the instance that is free. */
  async function takePort() {
    await world.call('ecs', 'RegisterTaskDefinition', {
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
    const { tasks } = await world.call('ecs', 'RunTask', {
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
      again: [...RESUMED, ...ROLLED_OUT, 'CheckHealth', ...ROLLED_BACK],
      live: rollout.live,
    },
    'a cluster without room': {
      error: 'PlacementImpossible',
      fail: async () => {
        await takePort();
        return {};
      },
      cure: () => world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task: cleanUp }),
      ...preflight,
    },
    'a frozen service': {
      error: 'ServiceFrozen',
      fail: async () => {
        await world.putItem((item) => ({ ...item, freeze: { reason: 'audit', by: 'Ann' } }));
        return {};
      },
      cure: () => world.putItem(({ freeze: _, ...item }) => item),
      again: ['ClaimService', ...HALTED],
      live: preflight.live,
    },
    'a service that another deployment holds': {
      error: 'DeploymentInProgress',
      fail: async () => {
        faults.migrations.set(next(), {});
        cleanUp = await start();
        await world.reached(cleanUp, 'AwaitMigration');
        return changed(() => ({ concurrency: 'reject' }));
      },
      cure: async () => {
        await world.stopExecution(cleanUp ?? '');
        await stopMigrations();
      },
      again: ['ClaimService', ...HALTED],
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
      again: [...RESUMED, 'VerifyRelease', 'RegisterTaskDefinition', ...HALTED],
      live: preflight.live,
    },
    'a permission that lacked': {
      error: 'AccessDenied',
      fail: () => {
        refuse('UpdateService', new AwsError('AccessDeniedException', 'Not authorized.'));
        return {};
      },
      again: [...RESUMED, 'UpdateService', ...HALTED],
      live: rollout.live,
    },
    'a record that could not be written': {
      error: 'AccessDenied',
      fail: () => {
        const denied = new AwsError('AccessDeniedException', 'Not authorized.');
        // Only what CompleteDeployment does: the claim is freed by then, and the record is not closed.
        world.scenario.invoke = async (key, _, run) => {
          if (key !== 'completeDeployment') return run();
          refuse('UpdateItem', denied);
          return run().finally(() => delete world.scenario.disturb);
        };
        return {};
      },
      cure: async () => {
        delete world.scenario.invoke;
      },
      // What runs is looked at again before it is called live: the claim was free in between.
      again: [...RESUMED, ...LIVE.slice(0, -1), ...HALTED],
      live: rollout.live,
    },
  };

  it.each(Object.entries(kinds))(
    'after %s fails again by the same name, and goes on once the cause is gone',
    async (_, kind) => {
      const first = await deploy(await kind.fail());
      await expectHalted(first, kind.error, 0);

      const second = await world.redrive(first.executionArn);

      expect(brief(second.path)).toEqual(kind.again);
      await expectHalted(second, kind.error, 1);
      const third = await world.redrive(first.executionArn);
      await expectHalted(third, kind.error, 2);
      well();
      await kind.cure?.();
      const last = await world.redrive(first.executionArn);
      expect(brief(last.path)).toEqual(kind.live);
      await expectLive(last, 3);
    },
  );
});

describe('a redrive of an execution that did not reach its end', () => {
  useWorld();

  type Break = (run: () => Promise<unknown>) => Promise<unknown>;

  /** Breaks in, once, while the execution is in this state; `act` stands around the state's function. */
  function interrupt(state: string, act: Break): void {
    if (THE_WAY_BACK.includes(state)) faults.containers.set(next(), crash);
    breakIn(state, act);
  }

  function breakIn(state: string, act: Break): void {
    let isDone = false;
    world.scenario.invoke = async (key, _, run) => {
      if (isDone || key !== functionOf(state)) return run();
      isDone = true;
      return act(run);
    };
  }

  /** Where a run that was interrupted in this state goes on. */
  const pathFrom = (state: string): string[] => {
    const forward = [...MIGRATED, ...LIVE];
    // Two healthy looks in a row: the one that was interrupted does not count.
    if (state === 'CheckHealth') return forward.slice(forward.indexOf(state));
    if (state === 'HaltDeployment') return [...RESUMED, ...LIVE];
    if (state === 'AwaitRollback') return ['HaltDeployment', ...RESUMED, ...LIVE];
    if (state === 'RollBackService') return ['AwaitRollback', 'HaltDeployment', ...RESUMED, ...LIVE];
    return forward.slice(forward.indexOf(state) + 1);
  };

  /** The way of a run that goes on in this state and fails there. */
  const haltedFrom = (state: string): string[] => {
    if (state === 'HaltDeployment') return [];
    if (state === 'AwaitRollback' || state === 'RollBackService') return ['HaltDeployment'];
    return ['UpdateService', 'AwaitRollout', 'CheckHealth'].includes(state) ? ROLLED_BACK : HALTED;
  };

  it.each(TASKS)(
    'stopped in %s, and then failed by a bug in it, goes on there and ends well',
    async (state) => {
      told = listen(world);
      let executionArn = '';
      interrupt(state, async (run) => {
        await run().catch(() => undefined);
        await world.call('states', 'StopExecution', { executionArn });
      });
      executionArn = await start();

      const stopped = await world.ended(executionArn);

      expect(stopped).toMatchObject({ status: 'ABORTED' });
      expect(stopped.path.at(-1)).toBe(state);
      expect((await world.item()).claim).toBeUndefined();
      // HaltDeployment and CompleteDeployment had closed the record themselves, and told people.
      const own = { HaltDeployment: 'FAILED', CompleteDeployment: 'SUCCEEDED' }[state] ?? 'ABORTED';
      expect(await recordOf(world, executionArn)).toMatchObject({ status: own, redriveCount: 0 });
      expect(told).toEqual([expect.stringContaining(own)]);

      breakIn(state, async () => {
        throw new TypeError("Cannot read properties of undefined (reading 'x')");
      });
      const broken = await world.redrive(executionArn);
      expect(brief(broken.path)).toEqual(haltedFrom(state));
      const error = ['RollBackService', 'AwaitRollback'].includes(state) ? 'RollbackFailed' : 'TypeError';
      await expectBroken(broken, error);
      expect(told.slice(1)).toEqual([`webapp: FAILED ${error}`]);

      well();
      await expectLive(await world.redrive(executionArn), 2);
    },
  );

  it.each(['AwaitMigration', 'AwaitRollout', 'CheckHealth', 'AwaitRollback'])(
    'stopped in %s has the whole time again, however late it is',
    async (state) => {
      let executionArn = '';
      interrupt(state, () => world.call('states', 'StopExecution', { executionArn }));
      executionArn = await start();
      await world.ended(executionArn);
      well();
      await world.simulation.time.leap(1_200);

      const end = await world.redrive(executionArn);

      expect(brief(end.path)).toEqual(pathFrom(state));
      await expectLive(end, 1);
    },
  );

  /** Where HaltDeployment itself broke, the end is told by execution-ended. */
  async function expectBroken(end: Ended, error: string): Promise<void> {
    expect(end).toMatchObject({ status: 'FAILED', error });
    expect((await world.item()).claim).toBeUndefined();
    expect(await recordOf(world, end.executionArn)).toMatchObject({
      status: 'FAILED',
      error,
      redriveCount: 1,
      endedAt: expect.any(Number),
    });
  }

  it('stopped before the function had acted goes on as well, and holds claim and record while it does', async () => {
    let executionArn = '';
    interrupt('AwaitRollout', () => world.call('states', 'StopExecution', { executionArn }));
    executionArn = await start();
    await world.ended(executionArn);
    let held: unknown;
    world.scenario.invoke = async (key, _, run) => {
      const result = await run();
      if (key === 'awaitRollout') held ??= [(await world.item()).claim, await recordOf(world, executionArn)];
      return result;
    };

    const end = await world.redrive(executionArn);

    expect(held).toMatchObject([
      { owner: executionArn, redriveCount: 1 },
      { status: 'RUNNING', redriveCount: 1 },
    ]);
    await expectLive(end, 1);
  });

  it('whose way back fails in the redrive is no redrive of the deployment: it ends as RollbackFailed', async () => {
    let executionArn = '';
    interrupt('AwaitRollback', () => world.call('states', 'StopExecution', { executionArn }));
    executionArn = await start();
    await world.ended(executionArn);
    for (let build = 1; build <= faultsOf.build; build += 1) faults.containers.set(build, crash);
    await world.simulation.time.pass(1);
    const { taskArns } = await world.call('ecs', 'ListTasks', { cluster: 'ecs-cluster' });
    for (const task of taskArns) await world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task });

    const failed = await world.redrive(executionArn);

    expect(failed.path).toEqual(['HaltDeployment']);
    await expectHalted(failed, 'RollbackFailed', 1);
    well();
    const end = await world.redrive(executionArn);
    expect(brief(end.path)).toEqual([...RESUMED, ...LIVE]);
    await expectLive(end, 2);
  });

  it('in which HaltDeployment is retried by the machine is told once, and not taken for a redrive', async () => {
    told = listen(world);
    interrupt('HaltDeployment', async (run) => {
      await run().catch(() => undefined);
      throw Object.assign(new Error('The answer was lost'), { name: 'Lambda.ServiceException' });
    });

    const failed = await deploy();

    expect(failed.path.filter((state) => state === 'HaltDeployment')).toHaveLength(1);
    await expectHalted(failed, 'RolloutCrashLoop', 0);
    expect(told).toEqual(['webapp: FAILED RolloutCrashLoop']);
  });

  it('fails twice in one redriven run, the second time on the way back: RollbackFailed', async () => {
    faults.containers.set(next(), crash);
    const first = await deploy();
    await expectHalted(first, 'RolloutCrashLoop', 0);
    let updates = 0;
    world.scenario.disturb = async (call, perform) => {
      if (call.operation !== 'UpdateService') return perform();
      updates += 1;
      if (updates === 1) return perform();
      throw new AwsError('InvalidParameterException', 'Not now.');
    };

    const second = await world.redrive(first.executionArn);

    expect(second.path).toEqual([
      ...RESUMED,
      ...ROLLED_OUT,
      'MayRollBack',
      'RollBackService',
      'HaltDeployment',
    ]);
    await expectHalted(second, 'RollbackFailed', 1);
    well();
    await expectLive(await world.redrive(first.executionArn), 2);
  });
});

describe('a redrive', () => {
  useWorld();

  it('fails as often as the cause lasts, and every run is on record', async () => {
    faults.migrations.set(next(), crash);
    const { executionArn } = await deploy();
    for (const redriveCount of [1, 2, 3])
      await expectHalted(await world.redrive(executionArn), 'MigrationFailed', redriveCount);
    well();

    await expectLive(await world.redrive(executionArn), 4);
  });

  it('is refused by AWS after fourteen days', async () => {
    faults.migrations.set(next(), crash);
    const { executionArn } = await deploy();
    await world.simulation.time.leap(14 * 86_400 + 1);

    await expect(world.redrive(executionArn)).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
      message: expect.stringContaining('Execution redrivable period exceeded'),
    });
  });

  it('while another deployment holds the claim waits its turn, then goes on', async () => {
    faults.containers.set(next(), crash);
    const failed = await deploy();
    faults.migrations.set(next(), {});
    const holder = await start();
    await world.reached(holder, 'AwaitMigration');
    faults.containers.clear();
    await world.call('states', 'RedriveExecution', { executionArn: failed.executionArn });
    await world.reached(failed.executionArn, 'ClaimService');
    await world.simulation.time.pass(120);
    expect(await world.item()).toMatchObject({
      claim: { owner: holder },
      waiter: { owner: failed.executionArn },
    });

    await world.stopExecution(holder);
    await stopMigrations();

    const end = await world.ended(failed.executionArn);
    expect(brief(end.path)).toEqual([...RESUMED, ...LIVE]);
    await expectLive(end, 1);
  });

  it('straight into the middle of the machine is refused while another deployment holds the claim', async () => {
    const stopped = await start();
    await world.reached(stopped, 'AwaitRollout');
    await world.stopExecution(stopped);
    faults.migrations.set(next(), {});
    const holder = await start();
    await world.reached(holder, 'AwaitMigration');

    const lost = await world.redrive(stopped);

    expect(lost.path).toEqual(HALTED);
    await expectHalted(lost, 'ClaimLost', 1);
    expect((await world.item()).claim).toMatchObject({ owner: holder });
    await world.stopExecution(holder);
    await stopMigrations();
    await expectLive(await world.redrive(stopped), 2);
  });

  it('is refused by name, and touches nothing, when a newer release has gone live', async () => {
    faults.containers.set(next(), crash);
    const failed = await deploy();
    const newer = await deploy();
    const live = await runs(world);

    const end = await world.redrive(failed.executionArn);

    expect(end.path).toEqual(['ClaimService', ...HALTED]);
    await expectHalted(end, 'NewerReleaseLive', 1);
    expect(await runs(world)).toBe(live);
    expect(newer.executionArn).toContain((await world.item()).lastKnownGood?.deployment);
    const again = await world.redrive(failed.executionArn);
    await expectHalted(again, 'NewerReleaseLive', 2);
  });

  it('in any state is refused, and touches nothing, when a newer release has gone live', async () => {
    const stopped: string[] = [];
    const after = TASKS.filter((state) => state !== 'ClaimService');
    for (const state of after) {
      if (THE_WAY_BACK.includes(state)) faults.containers.set(next(), crash);
      let executionArn = '';
      world.scenario.invoke = async (key, _, run) =>
        key === functionOf(state) ? world.call('states', 'StopExecution', { executionArn }) : run();
      executionArn = await start();
      expect((await world.ended(executionArn)).path.at(-1)).toBe(state);
      // What ECS was told to do goes on.
      await world.simulation.time.pass(60);
      stopped.push(executionArn);
    }
    well();
    delete world.scenario.invoke;
    await deploy();
    const live = [await runs(world), (await world.item()).lastKnownGood];

    for (const executionArn of stopped) {
      const end = await world.redrive(executionArn);
      await expectHalted(end, 'NewerReleaseLive', 1);
    }

    expect([await runs(world), (await world.item()).lastKnownGood]).toEqual(live);
  });

  it('of a release that was called live only in part looks at what runs before it calls it live', async () => {
    // Completed but for its record: then another release is deployed, fails, and is rolled back to the one before.
    world.scenario.invoke = async (key, _, run) => {
      if (key !== 'completeDeployment') return run();
      throw new TypeError('a bug');
    };
    const before = (await world.item()).lastKnownGood?.taskDefinition;
    const failed = await deploy();
    expect(failed).toMatchObject({ error: 'TypeError' });
    expect(failed.message).toContain('The release is live: ');
    delete world.scenario.invoke;
    faults.containers.set(next(), crash);
    await deploy();
    expect(before?.endsWith(`/${await runs(world)}`)).toBe(true);

    const end = await world.redrive(failed.executionArn);

    expect(brief(end.path)).toEqual([...RESUMED, ...LIVE]);
    await expectLive(end, 1);
  });
});

describe('a redrive of an execution that timed out', () => {
  useWorld();

  /** Executions that start from now on have 150 seconds instead of a day. */
  beforeAll(async () => {
    const { stateMachines } = await world.call('states', 'ListStateMachines', {});
    const [{ stateMachineArn }] = stateMachines;
    const { definition } = await world.call('states', 'DescribeStateMachine', { stateMachineArn });
    await world.call('states', 'UpdateStateMachine', {
      stateMachineArn,
      definition: JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: 150 }),
    });
  });

  it.each<[string, () => ReleaseOptions]>([
    [
      'AwaitMigration',
      () => {
        faults.migrations.set(next(), { exitAfterMilliseconds: 200_000, exitCode: 0 });
        return {};
      },
    ],
    [
      'AwaitRollout',
      () => {
        faults.containers.set(next(), crash);
        return changed(({ rollout }) => ({ rollout: { ...rollout, crashes: 100 } }));
      },
    ],
  ])('in %s goes on there and ends well', async (state, slow) => {
    told = listen(world);

    const timedOut = await deploy(slow());

    expect(timedOut).toMatchObject({ status: 'TIMED_OUT' });
    expect(timedOut.path.at(-1)).toBe(state);
    expect((await world.item()).claim).toBeUndefined();
    expect(await recordOf(world, timedOut.executionArn)).toMatchObject({
      status: 'TIMED_OUT',
      redriveCount: 0,
    });
    expect(told).toEqual(['webapp: TIMED_OUT']);
    well();
    const end = await world.redrive(timedOut.executionArn);
    const forward = [...MIGRATED, ...LIVE];
    expect(brief(end.path)).toEqual(forward.slice(forward.indexOf(state) + 1));
    await expectLive(end, 1);
  });
});
