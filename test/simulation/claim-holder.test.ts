import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StateInput } from '#lib/deployment/document.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { createWorld, type World } from './harness.ts';
import {
  endedAt,
  expectDeployed,
  expectNobody,
  grantedAt,
  nameOf,
  slowMigrations,
  startAndSettle,
  startHolder,
} from './queue.ts';
import { recordOf } from './runs.ts';

let world: World;
let build = 0;

beforeAll(async () => {
  // One more than the service needs: the migration of a deployment that was stopped runs on, and has port 80.
  world = await createWorld({}, { instances: 4 });
  await world.deploy({ build: ++build });
});

afterEach(async () => {
  world.scenario.disturb = undefined;
  world.scenario.invoke = undefined;
  world.scenario.deliver = undefined;
  await expectNobody(world);
});

afterAll(() => world.end());

/** The events about executions never arrive. */
const loseExecutionEvents = () => {
  world.scenario.deliver = (event, deliver) => (event.source === 'aws.states' ? undefined : deliver(event));
};

/** HaltDeployment may not write to the table: it can neither close the record nor free the claim. */
const denyWritesTo = (functionKey: string) => {
  let inside = false;
  world.scenario.invoke = async (key, _, run) => {
    inside = key === functionKey;
    return run();
  };
  world.scenario.disturb = async ({ service, operation }, perform) => {
    if (!inside || service !== 'dynamodb' || operation === 'GetItem') return perform();
    throw new AwsError('AccessDeniedException', 'You are not authorized');
  };
};

/** Executions started from now on are stopped by the machine's own timeout after so many seconds. */
async function machineTimeout(seconds: number) {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:landfall-dev';
  const { definition } = await world.call('states', 'DescribeStateMachine', { stateMachineArn });
  const changed = JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: seconds });
  await world.call('states', 'UpdateStateMachine', { stateMachineArn, definition: changed });
}

describe('a holder that ends without freeing its claim', () => {
  const stop = (execution: string) => world.stopExecution(execution);
  const failTheMigration = async () => denyWritesTo('haltDeployment');

  it.each<[string, string, number, (execution: string) => Promise<void>]>([
    ['is stopped by an operator', 'ABORTED', 86_400, stop],
    ['runs into the timeout of the machine', 'TIMED_OUT', 100, async () => undefined],
    ['cannot write to the table', 'FAILED', 86_400, failTheMigration],
  ])(
    'and %s is seen by the event about its end: the waiter starts at once',
    async (_, status, timeout, end) => {
      await machineTimeout(timeout);
      const first = await startHolder(world, ++build, 200, {
        settings: (settings) => ({
          ...settings,
          migration: { ...settings.migration, timeoutSeconds: 150 } as never,
        }),
      });
      await machineTimeout(86_400);
      const second = await startAndSettle(world, { build: ++build });

      await end(first);
      const holder = await world.ended(first);
      const waiter = await world.ended(second);

      expect(holder.status).toBe(status);
      expectDeployed(waiter);
      expect(grantedAt(waiter) - endedAt(holder)).toBeLessThanOrEqual(1);
      expect(await recordOf(world, first)).toMatchObject({ status });
    },
  );

  it('and is stopped is found dead by the waiter at its next heartbeat where that event is lost too', async () => {
    loseExecutionEvents();
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });

    await world.stopExecution(first);
    const holder = await world.ended(first);
    const waiter = await world.ended(second);

    expectDeployed(waiter);
    expect(grantedAt(waiter) - endedAt(holder)).toBeLessThanOrEqual(62);
    const record = await recordOf(world, first);
    expect(record).toMatchObject({ status: 'ABORTED', provisional: true, endedAt: expect.any(Number) });
    expect(record.message).toContain(`${nameOf(second)} found it over and took the claim`);
  });

  it('is found dead by the next deployment, also where it was handed the claim when it was dead already', async () => {
    loseExecutionEvents();
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });
    await world.stopExecution(second);
    expectDeployed(await world.ended(first));
    expect(await world.item()).toMatchObject({ claim: { deployment: nameOf(second) } });

    const third = await world.deploy({ build: ++build });

    expectDeployed(third);
    expect(grantedAt(third) - Number(third.events[0]?.timestamp?.getTime()) / 1000).toBeLessThanOrEqual(1);
  });

  it('and is found dead before the event about its end arrives is on record as that event has it', async () => {
    let handle = async (): Promise<unknown> => undefined;
    world.scenario.invoke = async (key, _, run) => {
      if (key !== 'executionEnded') return run();
      handle = run;
    };
    const first = await startHolder(world, ++build, 5);
    await world.stopExecution(first);
    const second = await world.start({ build: ++build });
    await world.reached(second, 'AwaitRollout');
    expect(await recordOf(world, first)).toMatchObject({ status: 'ABORTED', provisional: true });

    world.scenario.invoke = undefined;
    await handle();

    const record = await recordOf(world, first);
    expect(record).toMatchObject({ status: 'ABORTED', serviceOutcome: 'UNTOUCHED' });
    expect(record).not.toHaveProperty('provisional');
    expect(record.message).toContain('A redrive goes on from AwaitMigration.');
    expectDeployed(await world.ended(second));
  });

  it('and is alive is left alone, however often the waiter looks', async () => {
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });
    await world.simulation.time.pass(65);

    expect(await world.item()).toMatchObject({
      claim: { deployment: nameOf(first) },
      waiter: { deployment: nameOf(second) },
    });
    expectDeployed(await world.ended(first));
    expectDeployed(await world.ended(second));
  });
});

describe('a stale holder that wakes up', () => {
  /** Holds the next invocation of UpdateService before it does anything; tells how it ended once it went on. */
  function pauseUpdateService() {
    const { promise: going, resolve: go } = Promise.withResolvers<void>();
    const { promise: paused, resolve: pause } = Promise.withResolvers<void>();
    let outcome: Promise<unknown> | undefined;
    world.scenario.invoke = async (key, event, run) => {
      if (key !== 'updateService' || outcome !== undefined) return run();
      outcome = (async () => {
        pause();
        await going;
        return run();
      })();
      outcome.catch(() => undefined);
      expect((event as StateInput).execution.redriveCount).toBe(0);
      return outcome;
    };
    return {
      paused,
      async goOn() {
        go();
        return outcome?.then(
          () => undefined,
          (error: Error) => error,
        );
      },
    };
  }

  it.each<[string, string, () => Promise<string | undefined>]>([
    ['nobody took the claim', 'ClaimLost', async () => undefined],
    ['another deployment holds the claim', 'ClaimLost', () => startHolder(world, ++build, 100)],
    [
      'another deployment has come and gone',
      'NewerReleaseLive',
      async () => {
        const end = await world.deploy({ build: ++build });
        expectDeployed(end);
        return undefined;
      },
    ],
  ])('cannot touch the service when it was freed and %s: %s', async (_, name, takeOver) => {
    slowMigrations(world, {});
    const stale = pauseUpdateService();
    const first = await world.start({ build: ++build });
    await world.reached(first, 'UpdateService');
    await stale.paused;
    await world.stopExecution(first);
    const other = await takeOver();
    const { taskDefinition } = (await world.ecsService()) ?? {};
    let updates = 0;
    world.scenario.disturb = async ({ operation }, perform) => {
      if (/^(UpdateService|CreateService|RunTask|RegisterTaskDefinition)$/.test(operation)) updates += 1;
      return perform();
    };

    const error = await stale.goOn();

    expect(error).toMatchObject({ name });
    expect(updates).toBe(0);
    expect((await world.ecsService())?.taskDefinition).toBe(taskDefinition);
    if (other !== undefined) expectDeployed(await world.ended(other));
  });
});
