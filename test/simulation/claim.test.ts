import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { requireValue } from '#lib/deployment/document.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { brief, calmPath, halted, pathTo } from '#test/support/paths.ts';
import { createWorld, type World } from './harness.ts';
import { triesOf } from './history.ts';
import {
  byHand,
  endedAt,
  expectDeployed,
  expectNobody,
  grantedAt,
  isItemCall,
  lastFailure,
  nameOf,
  slowMigrations,
  startAndSettle,
  startHolder,
} from './queue.ts';
import { recordOf } from './runs.ts';

let world: World;
/** The last build's number; every test takes the next ones. */
let build = 0;

beforeAll(async () => {
  world = await createWorld();
});

afterEach(async () => {
  world.scenario.disturb = undefined;
  world.scenario.invoke = undefined;
  await expectNobody(world);
});

afterAll(() => world.end());

const SUPERSEDED = { status: 'SUCCEEDED', path: [...pathTo('ClaimService'), 'Superseded'] };

describe('several deployments of one service', () => {
  it('wait for each other; a newer one takes the place of the one that waits, and goes on at once', async () => {
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });
    const item = await world.item();
    expect(item).toMatchObject({ waiter: { deployment: nameOf(second) } });
    // DynamoDB takes 400 KB.
    expect(JSON.stringify(item).length).toBeLessThan(10_000);
    const third = await world.start({ build: ++build });

    const displaced = await world.ended(second, 5);
    const [holder, waiter] = [await world.ended(first), await world.ended(third)];

    expect(displaced).toMatchObject(SUPERSEDED);
    expect(lastFailure(displaced)).toMatchObject({
      error: 'Superseded',
      cause: expect.stringContaining(`${nameOf(third)} (`),
    });
    expect(await recordOf(world, second)).toMatchObject({
      status: 'SUPERSEDED',
      message: expect.stringContaining(nameOf(third)),
    });
    expectDeployed(holder);
    expectDeployed(waiter);
    expect(grantedAt(waiter) - endedAt(holder)).toBeLessThanOrEqual(1);
    expect(await world.item()).toMatchObject({ lastKnownGood: { deployment: nameOf(third) } });
    expect(await recordOf(world, third)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('are refused while one is in progress where services.yml says reject', async () => {
    const first = await startHolder(world, ++build, 100);
    const reject = await world.start({
      build: ++build,
      settings: (settings) => ({ ...settings, concurrency: 'reject' }),
    });

    const refused = await world.ended(reject, 5);

    expect(refused).toMatchObject({
      status: 'FAILED',
      error: 'DeploymentInProgress',
      path: [...pathTo('ClaimService'), ...halted],
    });
    expect(refused.message).toContain(`${nameOf(first)} holds webapp`);
    expect(refused.message).toContain('The service was not touched.');
    expectDeployed(await world.ended(first));
  });

  it('end as Superseded where their build is older than the one that is live, being deployed, or waits', async () => {
    build += 10;
    const holder = await startHolder(world, build);
    const olderThanHolder = await world.ended(await world.start({ build: build - 1 }), 5);
    const waiter = await startAndSettle(world, { build: build + 2 });
    const olderThanWaiter = await world.ended(await world.start({ build: build + 1 }), 5);
    expectDeployed(await world.ended(holder));
    expectDeployed(await world.ended(waiter));
    const live = (await world.ecsService())?.taskDefinition;
    const olderThanLive = await world.ended(await world.start({ build: build - 2 }), 5);

    for (const end of [olderThanHolder, olderThanWaiter, olderThanLive])
      expect(end).toMatchObject(SUPERSEDED);
    expect(lastFailure(olderThanHolder)?.cause).toContain(`which is being deployed: ${nameOf(holder)}`);
    expect(lastFailure(olderThanWaiter)?.cause).toContain(`already waiting: ${nameOf(waiter)} (`);
    expect(await recordOf(world, olderThanLive.executionArn)).toMatchObject({
      status: 'SUPERSEDED',
      message: expect.stringMatching(
        /its build began at .*, before that of .*, which has gone live; .* is live/,
      ),
    });
    expect((await world.ecsService())?.taskDefinition).toBe(live);
    build += 2;
  });

  it('go on after a rollback to an older release: a newer push is deployed, a late older one is not', async () => {
    const older = await world.deploy({ build: ++build });
    const { lastKnownGood } = await world.item();
    await world.deploy({ build: build + 2 });
    const taskDefinition = lastKnownGood?.taskDefinition ?? '';

    const back = await world.deploy({
      build,
      document: (document) => byHand('rollback', { taskDefinition })(document),
    });
    const rolledBack = (await world.ecsService())?.taskDefinition;
    const late = await world.deploy({ build: build + 1 });
    const next = await world.deploy({ build: build + 3 });

    expectDeployed(older);
    expect(brief(back.path)).toEqual(calmPath({ migration: 'never' }));
    expect(rolledBack).toBe(taskDefinition);
    expect(late).toMatchObject(SUPERSEDED);
    expectDeployed(next);
    build += 3;
  });

  it.each([
    ['pushes', false],
    ['deployments by hand', true],
  ])('that start at the same instant as %s have one holder, and the newest survives', async (_, isByHand) => {
    slowMigrations(world, {});
    const numbers = Array.from({ length: 12 }, () => ++build);
    const executions = [];
    for (const number of numbers) {
      executions.push(
        world.start({ build: number, ...(isByHand ? { document: byHand(`hand-${number}`) } : {}) }),
      );
    }

    const ends = [];
    for (const execution of await Promise.all(executions)) ends.push(await world.ended(execution));

    expect(ends.map(({ status, error }) => error ?? status)).toEqual(numbers.map(() => 'SUCCEEDED'));
    const deployed = ends.filter(({ path }) => path.at(-1) === 'Deployed');
    const displaced = ends.filter(({ path }) => path.at(-1) === 'Superseded');
    expect(deployed.length + displaced.length).toBe(ends.length);
    expect(deployed.length).toBeLessThanOrEqual(2);
    const { lastKnownGood } = await world.item();
    expect(deployed.map(({ executionArn }) => nameOf(executionArn))).toContain(lastKnownGood?.deployment);
    if (!isByHand) expect(lastKnownGood?.deployment).toBe(nameOf(ends.at(-1)?.executionArn ?? ''));
  });
});

describe('the answers between holder and waiter', () => {
  it('when lost cost the waiter a heartbeat: it finds that the claim is its own', async () => {
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });
    let completing = false;
    let lost = 0;
    world.scenario.invoke = async (key, _, run) => {
      completing = key === 'completeDeployment';
      return run();
    };
    world.scenario.disturb = async ({ operation }, perform) => {
      if (!completing || operation !== 'SendTaskSuccess') return perform();
      lost += 1;
      throw new AwsError('InternalServerError', 'Lost', { httpStatus: 500 });
    };

    const holder = await world.ended(first);
    const waiter = await world.ended(second);

    expect(lost).toBeGreaterThan(0);
    expectDeployed(holder);
    expectDeployed(waiter);
    expect(grantedAt(waiter) - endedAt(holder)).toBeLessThanOrEqual(62);
  });

  it('when lost do not bring a displaced deployment back, though no build says which is newer', async () => {
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build, document: byHand(`early-${build}`) });
    world.scenario.disturb = async ({ operation }, perform) => {
      if (operation !== 'SendTaskFailure') return perform();
      throw new AwsError('InternalServerError', 'Lost', { httpStatus: 500 });
    };
    await world.simulation.time.pass(1);

    const third = await startAndSettle(world, { build: ++build, document: byHand(`late-${build}`) });
    const displaced = await world.ended(second, 62);
    world.scenario.disturb = undefined;

    expect(displaced).toMatchObject(SUPERSEDED);
    expect(lastFailure(displaced)?.cause).toContain(`${nameOf(third)} (`);
    expect(lastFailure(displaced)?.cause).toContain('which began later');
    expectDeployed(await world.ended(first));
    expectDeployed(await world.ended(third));
  });

  it('go to nobody once the waiter was stopped: its place is free', async () => {
    const first = await startHolder(world, ++build, 100);
    const second = await startAndSettle(world, { build: ++build });
    const answers: unknown[] = [];
    world.scenario.disturb = async ({ operation, input }, perform) => {
      if (operation.startsWith('SendTask')) answers.push(JSON.parse(String(input.output)).deployment);
      return perform();
    };

    await world.stopExecution(second);
    const { claim, waiter } = await world.item();
    const holder = await world.ended(first);

    expect([claim?.deployment, waiter]).toEqual([nameOf(first), undefined]);
    expectDeployed(holder);
    expect(new Set(answers)).toEqual(new Set([nameOf(first)]));
    expect(await recordOf(world, second)).toMatchObject({ status: 'ABORTED' });
  });
});

describe('the table', () => {
  it('may lose the answer to the write that granted the claim', async () => {
    const { fence = 0 } = await world.item();
    let lost = 0;
    world.scenario.disturb = async (call, perform) => {
      const output = await perform();
      if (lost > 0 || !isItemCall(call, 'PutItem')) return output;
      lost += 1;
      throw new AwsError('InternalServerError', 'The answer is lost', { httpStatus: 500 });
    };

    const end = await world.deploy({ build: ++build });

    expectDeployed(end);
    expect(lost).toBe(1);
    // One grant, one release.
    expect((await world.item()).fence).toBe(fence + 2);
  });

  it('is asked again when it is throttled for a while, in every state that asks for the claim', async () => {
    let refused = 0;
    world.scenario.disturb = async (call, perform) => {
      // Two invocations' worth: each makes three attempts.
      if (!isItemCall(call, 'GetItem') || refused++ % 7 === 6) return perform();
      throw new AwsError('ProvisionedThroughputExceededException', 'Throttled');
    };

    const end = await world.deploy({ build: ++build });

    expectDeployed(end);
    expect(triesOf(end, 'UpdateService')).toBeGreaterThan(1);
    expect(triesOf(end, 'CompleteDeployment')).toBeGreaterThan(1);
  });

  it('that always meets other writers is told as StateUnavailable, and nothing has changed', async () => {
    const before = [await world.item(), await world.ecsService()];
    world.scenario.disturb = async (call, perform) => {
      if (!isItemCall(call, 'PutItem')) return perform();
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    };

    const end = await world.deploy({ build: ++build });

    expect(end).toMatchObject({
      status: 'FAILED',
      error: 'StateUnavailable',
      path: [...pathTo('ClaimService'), ...halted],
    });
    expect(end.message).toContain('10 writes of webapp met other writers');
    expect([await world.item(), await world.ecsService()]).toEqual(before);
  });
});

it('a wait of an hour in the queue is far from the limits of an execution', async () => {
  const first = await startHolder(world, ++build, 3600, {
    settings: (settings) => ({
      ...settings,
      migration: { ...requireValue(settings.migration, 'migration'), timeoutSeconds: 2 * 3600 },
    }),
  });
  const second = await startAndSettle(world, { build: ++build });

  const holder = await world.ended(first, 2 * 3600);
  const waiter = await world.ended(second);

  expectDeployed(holder);
  expectDeployed(waiter);
  expect(triesOf(waiter, 'ClaimService')).toBeGreaterThan(55);
  // A day, which is all that an execution has, at this pace: a third of what Step Functions allows.
  expect(waiter.events.length * 24).toBeLessThan(25_000 / 3);
});
