import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import { halted, pathTo, rollbackRefused } from '#test/support/paths.ts';
import { createWorldApi } from './api.ts';
import { createWorld, type Ended, type World, wellBehaved } from './harness.ts';
import {
  expectDeployed,
  expectNobody,
  isItemCall,
  nameOf,
  slowMigrations,
  startAndSettle,
  startHolder,
} from './queue.ts';
import { crashing, recordOf } from './runs.ts';

let world: World;
let build = 0;

beforeAll(async () => {
  world = await createWorld();
  await world.deploy({ build: ++build });
});

afterEach(async () => {
  world.scenario.disturb = undefined;
  await unfreeze();
  await expectNobody(world);
});

afterAll(() => world.end());

const freeze = (until?: number) =>
  world.putItem((item) => ({ ...item, freeze: { reason: 'stocktaking', requestedBy: 'ops', until } }));
const unfreeze = () => world.putItem(({ freeze: _, ...item }) => item);
const inMinutes = (minutes: number) => world.simulation.time.now() + minutes * 60_000;
const runs = async () => (await world.ecsService())?.taskDefinition;

/** A release that crashes, and whose service is frozen while it is rolled out. */
async function failWhileFrozen(): Promise<Ended> {
  const bad = ++build;
  world.scenario.behave = crashing(bad);
  const executionArn = await world.start({ build: bad });
  await world.reached(executionArn, 'AwaitRollout');
  await freeze();
  return world.ended(executionArn);
}

const REFUSED = { status: 'FAILED', error: 'ServiceFrozen', path: [...pathTo('ClaimService'), ...halted] };

describe('a frozen service', () => {
  it('refuses a new deployment and says who froze it, why and until when', async () => {
    const until = inMinutes(60);
    await freeze(until);
    const before = await runs();

    const end = await world.deploy({ build: ++build });

    expect(end).toMatchObject(REFUSED);
    expect(end.message).toContain(
      `ops froze webapp until ${new Date(until).toISOString()} ("stocktaking"); wait until the freeze ends or lift it`,
    );
    expect(end.message).toContain('The service was not touched.');
    expect(await recordOf(world, end.executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'ServiceFrozen',
    });
    expect(await runs()).toBe(before);
  });

  it('refuses the waiter that is handed the claim, at once', async () => {
    const first = await startHolder(world, ++build, 10);
    const second = await startAndSettle(world, { build: ++build });
    await world.reached(first, 'AwaitRollout');
    await freeze();

    const holder = await world.ended(first);
    const waiter = await world.ended(second, 2);

    expectDeployed(holder);
    expect(waiter).toMatchObject(REFUSED);
    expect(waiter.message).toContain('until it is lifted');
  });

  it('stops a running deployment before its next change; lifted and re-driven, it goes on from there', async () => {
    const first = await startHolder(world, ++build, 10);
    const before = await runs();
    await freeze();

    const stopped = await world.ended(first);
    const refused = await world.redrive(first);
    const left = await runs();
    await unfreeze();
    const redriven = await world.redrive(first);

    expect(stopped).toMatchObject({
      status: 'FAILED',
      error: 'ServiceFrozen',
      path: [...pathTo('UpdateService'), ...halted],
    });
    expect(stopped.message).toContain('A redrive goes on from UpdateService.');
    expect(refused).toMatchObject({ ...REFUSED, path: [...pathTo('ClaimService'), ...halted] });
    expect(left).toBe(before);
    expect(redriven).toMatchObject({ status: 'SUCCEEDED' });
    // The migration has been, and is not run again.
    expect(redriven.path).not.toContain('RunMigration');
    expect(await world.item()).toMatchObject({ lastKnownGood: { deployment: nameOf(first) } });
  });

  it('does not stop what ECS is doing already: the release goes live, and is recorded as what is live', async () => {
    slowMigrations(world, {});
    const first = await world.start({ build: ++build });
    await world.reached(first, 'AwaitRollout');
    await freeze();

    const end = await world.ended(first);

    expectDeployed(end);
    expect(await world.item()).toMatchObject({
      lastKnownGood: { deployment: nameOf(first), taskDefinition: await runs() },
      freeze: { requestedBy: 'ops' },
    });
  });

  it('is not rolled back either: the failure says that the way back was refused, and what a redrive will do', async () => {
    const end = await failWhileFrozen();
    world.scenario.behave = wellBehaved;
    await unfreeze();
    const redriven = await world.redrive(end.executionArn);

    expect(end).toMatchObject({ status: 'FAILED', error: 'RollbackFailed' });
    expect(end.path).toEqual([...pathTo('AwaitRollout'), ...rollbackRefused]);
    expect(end.message).toContain('ops froze webapp until it is lifted');
    expect(redriven).toMatchObject({ message: '', status: 'SUCCEEDED' });
  });

  it('is led back by a rollback that is forced, and by no other', async () => {
    const before = await runs();
    expect(await failWhileFrozen()).toMatchObject({ error: 'RollbackFailed' });
    const api = await createWorldApi(world);

    const refused = await api('POST', '/services/webapp/rollback');
    const forced = await api('POST', '/services/webapp/rollback', { body: { force: true } });
    const end = await world.ended(forced.body.execution);

    expect(refused).toMatchObject({ status: 409, body: { title: 'ServiceFrozen' } });
    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(await runs()).toBe(before);
    expect(await world.item()).toMatchObject({ freeze: { requestedBy: 'ops' } });
    expect(await recordOf(world, forced.body.execution)).toMatchObject({
      trigger: { kind: 'rollback', force: true },
      serviceOutcome: 'LIVE',
    });
    world.scenario.behave = wellBehaved;
    await unfreeze();
  });

  it('thaws by itself: a redrive before the end is refused, one after it goes live', async () => {
    await freeze(inMinutes(5));
    const first = await world.deploy({ build: ++build });
    await world.simulation.time.pass(60);
    const early = await world.redrive(first.executionArn);
    await world.simulation.time.pass(241);

    const end = await world.redrive(first.executionArn);

    expect([first, early].map(({ error }) => error)).toEqual(['ServiceFrozen', 'ServiceFrozen']);
    expectDeployed(end);
  });
});

describe('a freeze that cannot be read', () => {
  it('counts as one: the deployment stops before its next change', async () => {
    const first = await startHolder(world, ++build, 10);
    const before = await runs();
    world.scenario.disturb = async (call, perform) => {
      if (!isItemCall(call, 'GetItem')) return perform();
      throw new AwsError('AccessDeniedException', 'You are not authorized to perform: dynamodb:GetItem');
    };

    const end = await world.ended(first);

    expect(end).toMatchObject({
      status: 'FAILED',
      error: 'StateUnavailable',
      path: [...pathTo('UpdateService'), ...halted],
    });
    expect(end.message).toContain('which counts as frozen: webapp: AccessDeniedException');
    expect(await runs()).toBe(before);
    // Nobody could free the claim. Once the table can be read again, execution-ended does when it is tried again.
    expect(await world.item()).toMatchObject({ claim: { deployment: nameOf(first) } });
    world.scenario.disturb = undefined;
    await world.simulation.time.pass(180);
  });

  it('refuses a new deployment too, also where somebody wrote it by hand and wrongly', async () => {
    await world.putItem((item) => ({ ...item, freeze: { requestedBy: 'ops', until: 'tomorrow' } }));
    const before = await runs();

    const end = await world.deploy({ build: ++build });

    expect(end).toMatchObject({
      status: 'FAILED',
      error: 'StateUnavailable',
      path: [...pathTo('ClaimService'), ...halted],
    });
    expect(end.message).toContain('the item of webapp is malformed');
    expect(end.message).toContain('freeze.reason');
    expect(await runs()).toBe(before);
  });
});
