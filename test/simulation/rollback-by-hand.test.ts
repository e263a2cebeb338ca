import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '#test/support/api.ts';
import { createWorldApi } from './api.ts';
import { createWorld, type World } from './harness.ts';
import { expectNobody, nameOf, slowMigrations, startAndSettle } from './queue.ts';

/** A bad release is live, and people want to be back, whatever else is on its way. */

const ROLLBACK = '/services/webapp/rollback';

let world: World;
let api: Api;
let good: string;
let bad: string;

beforeAll(async () => {
  world = await createWorld();
  api = await createWorldApi(world);
});

beforeEach(async () => {
  slowMigrations(world, {});
  const before = await world.deploy({ builtAt: world.simulation.time.now() });
  good = (await revision()) ?? '';
  const after = await world.deploy({ builtAt: world.simulation.time.now() });
  bad = nameOf(after.executionArn);
  expect([before.status, after.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
});

afterEach(async () => {
  await api('DELETE', '/services/webapp/freeze');
  await expectNobody(world);
});

afterAll(() => world.end());

const revision = async () => (await world.ecsService())?.taskDefinition;
const arnOf = (deployment: string) =>
  `arn:aws:states:us-east-1:000000000000:execution:landfall-dev:${deployment}`;
const ended = (deployment: string) => world.ended(arnOf(deployment));

async function rollBack(body: object = {}) {
  const answer = await api('POST', ROLLBACK, { body });
  expect(answer.status).toBe(202);
  return answer.body as { deployment: string; joined?: boolean };
}

describe('a rollback', () => {
  it('that two people ask for within seconds is one, which goes back to the release before', async () => {
    const first = await rollBack();
    const second = await rollBack();
    await world.reached(arnOf(first.deployment), 'AwaitRollout');
    const third = await rollBack();

    expect(first.joined).toBeUndefined();
    expect(second).toMatchObject({ deployment: first.deployment, joined: true });
    expect(third).toMatchObject({ deployment: first.deployment, joined: true });
    expect(await ended(first.deployment)).toMatchObject({ status: 'SUCCEEDED', message: '' });
    expect(await revision()).toBe(good);
    expect((await world.item()).lastKnownGood?.taskDefinition).toBe(good);
  });

  it('that is over is joined by nobody: the next one goes further back', async () => {
    const first = await rollBack();
    await ended(first.deployment);

    const second = await rollBack();

    expect(second.joined).toBeUndefined();
    expect(second.deployment).not.toBe(first.deployment);
    expect(await ended(second.deployment)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await revision()).not.toBe(good);
  });

  it('to another release that is named joins none', async () => {
    const first = await rollBack();
    await world.reached(arnOf(first.deployment), 'AwaitRollout');
    const second = await rollBack({ to: bad });

    expect(second.joined).toBeUndefined();
    await ended(first.deployment);
    expect(await ended(second.deployment)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await revision()).not.toBe(good);
  });

  it('waits at the head of the queue: the build that waited is displaced, and none takes its place', async () => {
    const latest = 1000;
    slowMigrations(world, { [latest]: 300 });
    const holder = await world.start({ build: latest, builtAt: world.simulation.time.now() });
    await world.reached(holder, 'AwaitMigration');
    const waiting = await startAndSettle(world, { build: latest + 1, builtAt: world.simulation.time.now() });

    const { deployment } = await rollBack();
    await world.simulation.time.settle();
    const displaced = await world.ended(waiting);
    const later = await startAndSettle(world, {
      build: latest + 2,
      builtAt: world.simulation.time.now() + 1,
    });

    expect(displaced).toMatchObject({ path: ['ClaimService', 'Superseded'] });
    expect((await world.item()).waiter?.deployment).toBe(deployment);
    const [back, fix] = [await ended(deployment), await world.ended(later)];
    expect([back.status, fix.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    // The fix that was pushed after it goes live after it.
    expect(fix.events.at(-1)?.timestamp?.getTime()).toBeGreaterThan(
      back.events.at(-1)?.timestamp?.getTime() ?? Number.NaN,
    );
    await world.ended(holder);
  });

  it('is not undone by builds that began before it was asked for, which say so', async () => {
    const builtAt = world.simulation.time.now();
    await world.simulation.time.pass(1);
    const { deployment } = await rollBack();
    const before = await world.start({ builtAt });
    const end = await ended(deployment);
    const superseded = await world.ended(before);
    const late = await world.deploy({ builtAt: builtAt + 1 });

    expect(end.status).toBe('SUCCEEDED');
    for (const { path, events } of [superseded, late]) {
      expect(path).toEqual(['ClaimService', 'Superseded']);
      expect(JSON.stringify(events)).toContain(`before the rollback ${deployment} was asked for`);
    }
    expect(await revision()).toBe(good);
  });

  it('freezes the service in the same moment where that is asked for, and goes on itself', async () => {
    const { deployment } = await rollBack({ freeze: { reason: 'release 2 eats orders' } });

    const push = await world.deploy();

    expect(push).toMatchObject({ status: 'FAILED', error: 'ServiceFrozen' });
    expect(push.message).toContain('release 2 eats orders');
    expect(await ended(deployment)).toMatchObject({ status: 'SUCCEEDED', message: '' });
    expect(await revision()).toBe(good);
  });
});
