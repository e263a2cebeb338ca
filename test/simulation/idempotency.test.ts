import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import type { Api, ApiResult } from '#test/support/api.ts';
import { createWorldApi } from './api.ts';
import { createWorld, type World } from './harness.ts';

/** Requests that are repeated with their Idempotency-Key; each test has keys of its own. */
let world: World;
let api: Api;

const SERVICE = '/services/webapp';
const DEPLOYMENTS = `${SERVICE}/deployments`;
const ROLLBACK = `${SERVICE}/rollback`;
const commitOf = (build: number) => build.toString(16).padStart(40, 'c');
const post = (path: string, body: object, key: string) =>
  api('POST', path, { body, headers: { 'idempotency-key': key } });
const count = async () => (await api('GET', DEPLOYMENTS)).body.deployments.length;

beforeAll(async () => {
  world = await createWorld();
  api = await createWorldApi(world);
  for (let build = 1; build <= 3; build += 1) await world.deploy();
});

afterEach(() => {
  delete world.scenario.disturb;
});

afterAll(() => world.end());

/** Where the SDK tries again, time has to pass. */
async function patiently(asked: Promise<ApiResult>): Promise<ApiResult> {
  let answer: ApiResult | undefined;
  void asked.then((arrived) => {
    answer = arrived;
  });
  await world.simulation.time.until('an answer', async () => answer !== undefined);
  return asked;
}

describe('the same request with the same key', () => {
  it('is one deployment, and is answered the same while the service is frozen', async () => {
    const first = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'frozen');
    await world.ended(first.body.execution);
    await api('PUT', `${SERVICE}/freeze`, { body: { reason: 'the sale' } });

    const again = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'frozen');
    const other = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'frozen-2');

    await api('DELETE', `${SERVICE}/freeze`);
    expect(first.status).toBe(202);
    expect(again).toEqual(first);
    expect(other).toMatchObject({ status: 409, body: { title: 'ServiceFrozen' } });
  });

  it('deploys a tag once, though the tag has moved on', async () => {
    const { context, services } = world.simulation;
    const tag = (version: string) => {
      const folder = join(context.directory, version);
      mkdirSync(folder);
      return services.images.add('000000000000.dkr.ecr.us-east-1.amazonaws.com/webapp:stable', folder, {
        Env: [`VERSION=${version}`],
        WorkingDir: '/',
        Cmd: ['serve'],
      });
    };
    const { digest } = tag('one');
    const first = await post(DEPLOYMENTS, { image: 'stable' }, 'moved');
    await world.ended(first.body.execution);
    tag('two');
    const before = await count();

    const again = await post(DEPLOYMENTS, { image: 'stable' }, 'moved');

    expect(first).toMatchObject({ status: 202, body: { digest } });
    expect(again).toEqual(first);
    expect(await count()).toBe(before);
  });

  it('is one build of a ref, also when CodeBuild has forgotten its token', async () => {
    let builds = 0;
    world.scenario.disturb = async (call, perform) => {
      if (call.operation !== 'StartBuild') return perform();
      builds += 1;
      return { build: { id: `landfall-dev-webapp:${builds}`, buildNumber: builds } };
    };

    const first = await post(DEPLOYMENTS, { ref: 'main' }, 'job-7');
    await world.simulation.time.pass(6 * 60);
    const again = await post(DEPLOYMENTS, { ref: 'main' }, 'job-7');
    const other = await post(DEPLOYMENTS, { ref: 'topic' }, 'job-7');

    expect(first).toMatchObject({ status: 202, body: { build: 'landfall-dev-webapp:1' } });
    expect(again).toEqual(first);
    expect(other).toMatchObject({ status: 422, body: { title: 'IdempotencyKeyReused' } });
    expect(builds).toBe(1);
  });

  it('sent twice at once starts one deployment, and the second is told to ask again', async () => {
    const before = await count();

    const answers = await Promise.all([1, 2].map(() => post(ROLLBACK, {}, 'twice')));
    const again = await post(ROLLBACK, {}, 'twice');

    const [started, ...others] = answers.sort((one, other) => one.status - other.status);
    expect(started).toMatchObject({ status: 202 });
    expect(others).toMatchObject([{ status: 409, body: { title: 'RequestInProgress' } }]);
    expect(again).toEqual(started);
    await world.ended(again.body.execution);
    expect(await count()).toBe(before + 1);
  });
});

describe('the same key with another request', () => {
  it.each([
    ['another commit', 'commit', DEPLOYMENTS, { commit: commitOf(1) }, DEPLOYMENTS, { commit: commitOf(2) }],
    ['another route', 'route', DEPLOYMENTS, { commit: commitOf(3) }, ROLLBACK, {}],
    ['another release to go back to', 'to', ROLLBACK, {}, ROLLBACK, { to: 'webapp-1' }],
  ])('is refused: %s', async (_, key, path, body, otherPath, otherBody) => {
    const first = await post(path, body, key);
    await world.ended(first.body.execution);
    const before = await count();

    const refused = await post(otherPath, otherBody, key);

    expect(refused).toMatchObject({ status: 422, body: { title: 'IdempotencyKeyReused' } });
    expect(refused.body.detail).toBe(
      `The Idempotency-Key belongs to another request: "${key}" was that of POST ${path.replace('webapp', '{service}')} ${JSON.stringify(body)}; send this one with a key of its own; a key is remembered for 90 days.`,
    );
    expect(await count()).toBe(before);
  });
});

describe('a request that did not come to its end', () => {
  it('leaves its key free when it was refused', async () => {
    const refused = await post(DEPLOYMENTS, { commit: 'abcdef0123' }, 'refused');

    const next = await post(DEPLOYMENTS, { commit: commitOf(2) }, 'refused');

    expect(refused).toMatchObject({ status: 422, body: { title: 'NotBuilt' } });
    expect(next.status).toBe(202);
    await world.ended(next.body.execution);
  });

  it('holds its key for 30 seconds when its function was cut short, and is then performed by a repetition', async () => {
    world.scenario.disturb = async ({ operation }, perform) => {
      // Neither begun nor given up: what a function leaves that Lambda ends in between.
      if (operation === 'StartExecution' || operation === 'DeleteItem')
        throw new AwsError('AccessDeniedException', 'not now');
      return perform();
    };
    const cut = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'cut');
    delete world.scenario.disturb;

    const early = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'cut');
    const other = await post(DEPLOYMENTS, { commit: commitOf(2) }, 'cut');
    await world.simulation.time.pass(31);
    const late = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'cut');

    expect(cut.status).toBe(500);
    expect(early).toMatchObject({ status: 409, body: { title: 'RequestInProgress' } });
    expect(other).toMatchObject({ status: 422 });
    expect(late.status).toBe(202);
    await world.ended(late.body.execution);
  });

  it('meets its own reservation when the answer to that was lost', async () => {
    let isLost = false;
    world.scenario.disturb = async ({ operation }, perform) => {
      const answer = await perform();
      if (operation !== 'PutItem' || isLost) return answer;
      isLost = true;
      throw new ConnectionLost();
    };

    const answer = await patiently(post(DEPLOYMENTS, { commit: commitOf(2) }, 'lost'));

    expect(answer.status).toBe(202);
    await world.ended(answer.body.execution);
  });

  it('is the same deployment when its answer could not be kept', async () => {
    let puts = 0;
    world.scenario.disturb = async ({ operation, input }, perform) => {
      const { sk } = (input.Item ?? {}) as { sk?: { S: string } };
      // The first write reserves the key, the second and its attempts keep the answer.
      const isOfKey = operation === 'PutItem' && sk?.S.startsWith('REQUEST#');
      if (isOfKey) puts += 1;
      if (isOfKey && puts > 1 && puts <= 4) throw new ConnectionLost();
      return perform();
    };
    const first = await patiently(post(ROLLBACK, {}, 'unkept'));
    delete world.scenario.disturb;
    await world.ended(first.body.execution);
    await world.simulation.time.pass(31);

    const again = await post(ROLLBACK, {}, 'unkept');

    expect(first.status).toBe(202);
    expect(again).toMatchObject({ status: 202, body: { execution: first.body.execution } });
  });
});
