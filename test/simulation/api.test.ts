import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { GetExecutionHistoryCommand, HistoryEvent } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHistories } from '#lib/aws/states/histories.ts';
import { summarizeHistory } from '#lib/deployment/record/steps.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import type { Api } from '#test/support/api.ts';
import { brief, calmPath, halted, pathTo, stepsOf } from '#test/support/paths.ts';
import { createWorldApi } from './api.ts';
import { createWorld, type Ended, type World, wellBehaved } from './harness.ts';
import { isItemCall } from './queue.ts';
import { failingMigration } from './runs.ts';

/**
 * The API over the life of one service: each describe goes on where the one before it ended. Every answer is held
 * against docs/openapi.yaml by the client.
 */
let world: World;
let api: Api;
let first: Ended;
let second: Ended;

const SERVICE = '/services/webapp';
const DEPLOYMENTS = `${SERVICE}/deployments`;
const CALLER = 'arn:aws:iam::000000000000:root';

const nameOf = ({ executionArn }: Ended) => executionArn.split(':').at(-1) ?? '';
const commitOf = (build: number) => build.toString(16).padStart(40, 'c');
const pageOf = (end: Ended) => `${DEPLOYMENTS}/${nameOf(end)}`;
/** What the API shows of a deployment that goes live. */
const steps = stepsOf(calmPath());
const statesOf = (steps: { state: string }[]) => steps.map(({ state }) => state);
const post = (path: string, body?: object, key?: string) =>
  api('POST', path, {
    ...(body === undefined ? {} : { body }),
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const runs = async () => (await world.ecsService())?.taskDefinition;

beforeAll(async () => {
  world = await createWorld();
  api = await createWorldApi(world);
});

afterAll(() => world.end());

describe('of a service that has never been deployed, the API', () => {
  it('shows that nothing runs and nothing has been', async () => {
    const { body } = await api('GET', '/services');
    const history = await api('GET', DEPLOYMENTS);

    expect(body.services).toEqual([(await api('GET', SERVICE)).body]);
    expect(body.services).toMatchObject([{ service: 'webapp', running: null, lastKnownGood: null }]);
    expect(history).toMatchObject({ status: 200, body: { deployments: [], nextCursor: null } });
  });

  it.each([
    ['rolls back to nothing', 'POST', `${SERVICE}/rollback`, 409, 'NothingToRollBackTo'],
    ['knows no deployment', 'GET', `${DEPLOYMENTS}/webapp-1`, 404, 'DeploymentNotFound'],
    ['re-drives none', 'POST', `${DEPLOYMENTS}/webapp-1/redrive`, 404, 'DeploymentNotFound'],
    ['aborts none', 'POST', `${DEPLOYMENTS}/webapp-1/abort`, 404, 'DeploymentNotFound'],
    ['knows no build', 'GET', `${SERVICE}/builds/landfall-dev-webapp:7d0c`, 404, 'BuildNotFound'],
    [
      'knows no build of another service',
      'GET',
      `${SERVICE}/builds/landfall-dev-shop:7d0c`,
      404,
      'BuildNotFound',
    ],
    ['knows no builds of another service', 'GET', '/services/shop/builds/a:1', 404, 'UnknownService'],
    ['knows no other service', 'GET', '/services/shop/deployments', 404, 'UnknownService'],
    ['unfreezes no other service', 'DELETE', '/services/shop/freeze', 404, 'UnknownService'],
  ])('%s', async (_, method, path, status, title) => {
    expect(await api(method, path)).toMatchObject({
      status,
      body: { title, status, instance: expect.stringContaining(path) },
    });
  });

  it.each<Record<string, string>>([{}, { dryRun: 'true' }])(
    'builds no pull request that nobody has allowed, with %j',
    async (query) => {
      const answer = await api('POST', DEPLOYMENTS, { body: { ref: 'refs/pull/7/head' }, query });

      expect(answer).toMatchObject({
        status: 400,
        body: { title: 'InvalidRequest', detail: expect.stringContaining('allowPullRequests: true') },
      });
      expect(await world.call('codebuild', 'ListBuilds', {})).toMatchObject({ ids: [] });
    },
  );

  it('deploys no image, which needs a running service for its template, and says so in a dry run', async () => {
    const { context, services } = world.simulation;
    const folder = join(context.directory, 'by-hand');
    mkdirSync(folder);
    const image = services.images.add('000000000000.dkr.ecr.us-east-1.amazonaws.com/webapp:by-hand', folder, {
      Env: [],
      WorkingDir: '/',
      Cmd: ['serve'],
    });

    const dry = await api('POST', DEPLOYMENTS, { body: { image: 'by-hand' }, query: { dryRun: 'true' } });

    expect(dry).toMatchObject({
      status: 200,
      body: {
        digest: image.digest,
        taskDefinition: [],
        serviceDefinition: [],
        verification: { passed: false, problem: { error: 'BundleUnreadable' } },
      },
    });
  });
});

describe('of two deployments, the API', () => {
  beforeAll(async () => {
    first = await world.deploy();
    second = await world.deploy();
  });

  it('lists the newer one first, page by page', async () => {
    const page = await api('GET', DEPLOYMENTS, { query: { limit: '1' } });
    const next = await api('GET', DEPLOYMENTS, { query: { limit: '1', cursor: page.body.nextCursor } });
    const whole = await api('GET', DEPLOYMENTS);

    expect(page.body.deployments).toMatchObject([
      { deployment: nameOf(second), status: 'SUCCEEDED', commit: commitOf(2), taskDefinition: await runs() },
    ]);
    expect(next.body.deployments).toMatchObject([{ deployment: nameOf(first), trigger: { kind: 'push' } }]);
    expect(whole.body).toEqual({
      deployments: [...page.body.deployments, ...next.body.deployments],
      nextCursor: null,
    });
  });

  it.each([
    ['a cursor that was cut short', (cursor: string) => ({ cursor: cursor.slice(0, -2) })],
    ['a cursor that was changed', (cursor: string) => ({ cursor: `A${cursor.slice(1)}` })],
    ['what is no cursor', () => ({ cursor: 'page-2' })],
    ['a page of nothing', () => ({ limit: '0' })],
    ['a page of more than a hundred', () => ({ limit: '101' })],
    ['a parameter that it does not know', () => ({ limt: '5' })],
  ])('refuses %s', async (_, query) => {
    const { body } = await api('GET', DEPLOYMENTS, { query: { limit: '1' } });

    expect(await api('GET', DEPLOYMENTS, { query: query(body.nextCursor) })).toMatchObject({
      status: 400,
      body: { title: 'InvalidRequest' },
    });
  });

  it('shows each step with its start, end, attempts and looks', async () => {
    const { body } = await api('GET', pageOf(second));

    expect(statesOf(body.steps)).toEqual(steps);
    expect(body.steps.every(({ attempts }: { attempts: number }) => attempts === 1)).toBe(true);
    expect(body.steps[steps.indexOf('CheckHealth')].looks).toBeGreaterThan(1);
    expect(body.steps.map(({ endedAt }: { endedAt: string }) => endedAt)).toEqual(
      expect.arrayContaining([body.steps[1].startedAt, body.endedAt]),
    );
    expect(body).toMatchObject({
      status: 'SUCCEEDED',
      failure: null,
      redriveCount: 0,
      execution: second.executionArn,
    });
  });

  it('shows them when Step Functions has forgotten the execution', async () => {
    const { body } = await api('GET', pageOf(first));
    world.scenario.disturb = (call, perform) => {
      if (call.operation === 'GetExecutionHistory')
        throw new AwsError('ExecutionDoesNotExist', 'Execution Does Not Exist');
      return perform();
    };

    const forgotten = await api('GET', pageOf(first));

    delete world.scenario.disturb;
    expect(forgotten.body).toEqual(body);
    expect(body.steps).toHaveLength(steps.length);
  });
});

describe('deploying by hand', () => {
  it('says in a dry run what would change, and changes nothing', async () => {
    const before = await runs();

    const back = await api('POST', DEPLOYMENTS, { body: { commit: commitOf(1) }, query: { dryRun: 'true' } });
    const same = await api('POST', DEPLOYMENTS, { body: { commit: commitOf(2) }, query: { dryRun: 'true' } });

    const digests = [first, second].map(
      ({ events }) => JSON.parse(events[0]?.executionStartedEventDetails?.input ?? '').release.digest,
    );
    expect(back.body).toEqual({
      service: 'webapp',
      digest: digests[0],
      taskDefinition: [
        {
          path: 'containerDefinitions[webapp].image',
          from: expect.stringContaining(digests[1]),
          to: expect.stringContaining(digests[0]),
        },
      ],
      serviceDefinition: [{ path: 'taskDefinition', from: before, to: 'webapp:(the next revision)' }],
      verification: { passed: true, problem: null },
      claim: null,
      waiter: null,
      freeze: null,
    });
    expect(same.body).toMatchObject({
      taskDefinition: [],
      serviceDefinition: [],
      verification: { passed: true },
    });
    expect(await runs()).toBe(before);
    expect((await api('GET', DEPLOYMENTS)).body.deployments).toHaveLength(2);
  });

  it('knows of a ref only once it has been built', async () => {
    const answer = await api('POST', DEPLOYMENTS, { body: { ref: 'main' }, query: { dryRun: 'true' } });

    expect(answer).toMatchObject({ status: 400, body: { title: 'InvalidRequest' } });
    expect(answer.body.detail).toMatch(/; deploy it, or try a commit or an image that has been built\.$/);
  });

  it('does not advise a redrive of what has not been started', async () => {
    const refused = await post(DEPLOYMENTS, { image: 'nowhere' });

    expect(refused).toMatchObject({ status: 422, body: { title: 'ImageNotFound' } });
    expect(refused.body.detail).toMatch(
      /; push the image or build the commit again, or name one that is there\.$/,
    );
  });

  it.each([
    ['a commit that was never built', { commit: 'abcdef0123' }, 422, 'NotBuilt'],
    ['a beginning that several commits have', { commit: 'c'.repeat(10) }, 400, 'InvalidRequest'],
  ])('refuses %s', async (_, body, status, title) => {
    expect(await post(DEPLOYMENTS, body)).toMatchObject({ status, body: { title } });
  });

  it('deploys a commit that was built before, also an older one, with its migration', async () => {
    const answer = await post(DEPLOYMENTS, { commit: commitOf(1) }, 'again');
    const end = await world.ended(answer.body.execution);

    expect(answer.status).toBe(202);
    expect(end).toMatchObject({ status: 'SUCCEEDED', message: '' });
    expect(end.path).toContain('RunMigration');
    expect((await api('GET', `${DEPLOYMENTS}/${answer.body.deployment}`)).body).toMatchObject({
      commit: commitOf(1),
      trigger: { kind: 'commit', requestedBy: CALLER },
    });
    expect(await post(DEPLOYMENTS, { commit: commitOf(1) }, 'again')).toEqual(answer);
  });
});

describe('rolling back', () => {
  it('goes back to the release before, by its revision, once for one idempotency key', async () => {
    const { taskDefinition } = (await api('GET', pageOf(second))).body;

    const answer = await post(`${SERVICE}/rollback`, undefined, 'back');
    const end = await world.ended(answer.body.execution);
    const again = await post(`${SERVICE}/rollback`, {}, 'back');

    expect(end).toMatchObject({ status: 'SUCCEEDED', message: '' });
    expect(brief(end.path)).toEqual(calmPath({ migration: 'never' }));
    expect(await runs()).toBe(taskDefinition);
    expect(again.body.execution).toBe(answer.body.execution);
    expect((await api('GET', `${DEPLOYMENTS}/${answer.body.deployment}`)).body).toMatchObject({
      trigger: { kind: 'rollback', requestedBy: CALLER },
      commit: commitOf(2),
      taskDefinition,
    });
  });

  it('goes further back the next time, and no further than there is', async () => {
    const { taskDefinition } = (await api('GET', pageOf(first))).body;

    const answer = await post(`${SERVICE}/rollback`);
    await world.ended(answer.body.execution);

    expect(await runs()).toBe(taskDefinition);
    expect(await post(`${SERVICE}/rollback`)).toMatchObject({
      status: 409,
      body: {
        title: 'NothingToRollBackTo',
        detail: expect.stringContaining('; name a deployment that has been live, or deploy the commit'),
      },
    });
  });

  it('goes to the release of a deployment that is named', async () => {
    const answer = await post(`${SERVICE}/rollback`, { to: nameOf(second) });
    const end = await world.ended(answer.body.execution);

    expect(end.status).toBe('SUCCEEDED');
    expect(await runs()).toBe((await api('GET', pageOf(second))).body.taskDefinition);
  });
});

describe('a freeze', () => {
  const path = `${SERVICE}/freeze`;
  const until = '2026-12-01T00:00:00Z';

  it('is shown with who asked for it, and refuses what would change the service', async () => {
    const frozen = await api('PUT', path, { body: { reason: 'Black Friday', until } });

    const freeze = { reason: 'Black Friday', requestedBy: CALLER, until: '2026-12-01T00:00:00.000Z' };
    expect(frozen).toMatchObject({ status: 200, body: { ...freeze, replaced: null, claim: null } });
    expect((await api('GET', SERVICE)).body.freeze).toEqual(freeze);
    for (const answer of [
      await post(DEPLOYMENTS, { commit: commitOf(1) }),
      await post(`${SERVICE}/rollback`),
      await post(`${pageOf(first)}/redrive`),
    ])
      expect(answer).toMatchObject({ status: 409, body: { title: 'ServiceFrozen' } });
  });

  it('is told by a dry run, which does not pass', async () => {
    const { body } = await api('POST', DEPLOYMENTS, {
      body: { commit: commitOf(1) },
      query: { dryRun: 'true' },
    });

    expect(body).toMatchObject({
      freeze: { reason: 'Black Friday' },
      verification: { passed: false, problem: { error: 'ServiceFrozen' } },
    });
    expect(body.verification.problem.message).toMatch(/lift it, then ask again\.$/);
  });

  it.each([
    ['without a reason', {}],
    ['that would be over already', { reason: 'late', until: '2020-01-01T00:00:00Z' }],
    ['until a time that is none', { reason: 'when', until: 'tomorrow' }],
    ['with what it does not know', { reason: 'why', untill: until }],
    ['for a reason that is blank', { reason: '   ' }],
    ['for a reason of two lines', { reason: 'one\ntwo' }],
    ['for a reason that colours terminals', { reason: '\u001b[31mred' }],
    ['for longer than a year', { reason: 'long', until: '2300-01-01T00:00:00Z' }],
    ['until a day that there is not', { reason: 'when', until: '2030-02-31T00:00:00Z' }],
  ])('%s is refused', async (_, body) => {
    expect(await api('PUT', path, { body })).toMatchObject({
      status: 400,
      body: { title: 'InvalidRequest' },
    });
  });

  it.each([
    [{}, 'reason: is missing'],
    [{ reason: 7 }, 'reason: has to be a string'],
    [{ reason: ' ' }, 'reason: has to say why, on one line without control characters'],
    [{ reason: 'why', untill: until }, '"untill" is not known here'],
    ['{"reason"', 'a body is JSON'],
  ])('is refused in words for people: %j', async (body, words) => {
    const headers = { 'content-type': 'application/json' };
    const { status, body: problem } = await api('PUT', path, { body, headers });

    expect([status, problem.title]).toEqual([400, 'InvalidRequest']);
    expect(problem.detail).toContain(words);
  });

  /** The item's next write is performed and its answer lost: the SDK asks again, and meets its own write. */
  async function askLosingAnAnswer(...request: Parameters<Api>) {
    let lost = 0;
    world.scenario.disturb = async (call, perform) => {
      const answer = await perform();
      if (lost > 0 || !isItemCall(call, 'PutItem')) return answer;
      lost += 1;
      throw new ConnectionLost();
    };
    const [answer] = await Promise.all([api(...request), world.simulation.time.pass(5)]);
    delete world.scenario.disturb;
    expect(lost).toBe(1);
    return answer;
  }

  it('tells which one it replaces, also where the answer of its write is lost', async () => {
    const { body } = await askLosingAnAnswer('PUT', path, { body: { reason: 'Cyber Monday' } });

    expect(body).toEqual({
      reason: 'Cyber Monday',
      requestedBy: CALLER,
      until: null,
      replaced: { reason: 'Black Friday', requestedBy: CALLER, until: '2026-12-01T00:00:00.000Z' },
      claim: null,
    });
  });

  it('is lifted, also where there is none, and told', async () => {
    expect(await askLosingAnAnswer('DELETE', path)).toMatchObject({
      status: 200,
      body: { service: 'webapp', freeze: null, lifted: { reason: 'Cyber Monday', requestedBy: CALLER } },
    });
    expect(await api('DELETE', path)).toMatchObject({ status: 200, body: { lifted: null } });
    expect((await api('GET', SERVICE)).body.freeze).toBeNull();
  });
});

describe('a deployment that fails', () => {
  let failed: Ended;

  beforeAll(async () => {
    world.scenario.behave = failingMigration('no such table');
    failed = await world.deploy();
    world.scenario.behave = wellBehaved;
  });

  it('is shown with the state, the reason and the exit code', async () => {
    const { body } = await api('GET', pageOf(failed));

    expect(body).toMatchObject({
      status: 'FAILED',
      error: 'MigrationFailed',
      message: expect.stringContaining('AwaitMigration failed with MigrationFailed'),
      failure: {
        state: 'AwaitMigration',
        error: 'MigrationFailed',
        exitCode: 3,
        container: 'webapp',
        logTail: ['no such table'],
      },
    });
    expect(body.steps.at(-2)).toMatchObject({ state: 'AwaitMigration', error: 'MigrationFailed' });
    expect(body.steps.at(-1)).toMatchObject({ state: 'HaltDeployment', error: 'MigrationFailed' });
  });

  it('is read from its history in the same words where Step Functions tells errors only with the documents', async () => {
    const asked: boolean[] = [];
    const states = (keepsErrors: boolean) => ({
      async send({ input }: GetExecutionHistoryCommand) {
        asked.push(input.includeExecutionData === true);
        const page = await world.call('states', 'GetExecutionHistory', input);
        if (keepsErrors || input.includeExecutionData) return page;
        const mute = ({
          taskFailedEventDetails: _,
          executionFailedEventDetails: __,
          ...event
        }: HistoryEvent) => event;
        return { ...page, events: page.events.map(mute) };
      },
    });
    const summarize = async (keepsErrors: boolean) =>
      summarizeHistory(await createHistories(states(keepsErrors) as never).read(failed.executionArn));

    const told = await summarize(true);
    const untold = await summarize(false);

    expect(told.failure).toMatchObject({ error: 'MigrationFailed', detail: { exitCode: 3 } });
    expect(untold).toEqual(told);
    expect(asked).toEqual([false, false, true]);
  });

  it('has a log, which goes on behind its cursor', async () => {
    const { body } = await api('GET', `${pageOf(failed)}/logs`);
    const after = await api('GET', `${pageOf(failed)}/logs`, { query: { cursor: body.nextCursor } });

    expect(body.lines).toMatchObject([{ container: 'webapp', message: 'no such table' }]);
    expect(after.body).toMatchObject({ lines: [], sources: [{ migration: true, from: 'logs' }] });
  });

  it('is the latest of its service, with its end', async () => {
    const { latest } = (await api('GET', SERVICE)).body;
    const { body: all } = await api('GET', '/services');

    expect(latest).toMatchObject({
      deployment: nameOf(failed),
      status: 'FAILED',
      serviceOutcome: 'UNTOUCHED',
    });
    expect(all.services[0].latest).toEqual(latest);
  });

  it('has never been live: nobody rolls back to it', async () => {
    expect(await post(`${SERVICE}/rollback`, { to: nameOf(failed) })).toMatchObject({
      status: 409,
      body: { title: 'NothingToRollBackTo' },
    });
  });

  it('is re-driven once for one idempotency key, and shown over both runs', async () => {
    const answer = await post(`${pageOf(failed)}/redrive`, undefined, 'once-more');
    const again = await post(`${pageOf(failed)}/redrive`, undefined, 'once-more');
    // A click too many: what is refused takes nothing back of what was granted.
    const clicked = await post(`${pageOf(failed)}/redrive`, undefined, 'clicked-twice');
    const end = await world.ended(failed.executionArn);

    expect(answer).toMatchObject({ status: 202, body: { deployment: nameOf(failed) } });
    expect(again).toEqual(answer);
    expect(clicked).toMatchObject({ status: 409, body: { title: 'NotRedrivable' } });
    expect(end.status).toBe('SUCCEEDED');
    const { body } = await api('GET', pageOf(failed));
    expect(body).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      redriveRequestedBy: CALLER,
      failure: null,
    });
    // The failure that it was re-driven from stays on record.
    expect(body.runs).toEqual([
      {
        redriveCount: 0,
        status: 'FAILED',
        endedAt: expect.any(String),
        error: 'MigrationFailed',
        serviceOutcome: 'UNTOUCHED',
        message: expect.stringContaining('AwaitMigration failed with MigrationFailed'),
        failure: expect.objectContaining({
          state: 'AwaitMigration',
          exitCode: 3,
          logTail: ['no such table'],
        }),
      },
    ]);
    const { deployments } = (await api('GET', DEPLOYMENTS)).body;
    expect(deployments[0]).toMatchObject({ deployment: nameOf(failed), redriveRequestedBy: CALLER });
    expect(statesOf(body.steps)).toEqual([
      ...stepsOf([...pathTo('AwaitMigration'), ...halted]),
      'HaltDeployment',
      ...stepsOf(calmPath({ resume: 'RunMigration' })),
    ]);
  });

  it('is not re-driven when it has succeeded', async () => {
    expect(await post(`${pageOf(failed)}/redrive`)).toMatchObject({
      status: 409,
      body: { title: 'NotRedrivable', detail: expect.stringContaining('Execution is SUCCEEDED') },
    });
    const { Item } = await world.call('dynamodb', 'GetItem', {
      TableName: 'landfall-dev',
      Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: `DEPLOYMENT#${nameOf(failed)}` } },
    });
    expect(Item.redriveRequestedBy).toEqual({ M: { 1: { S: CALLER } } });
  });
});

describe('a deployment that runs', () => {
  it('is shown as far as it has come, and aborted in the name of who asked', async () => {
    const executionArn = await world.start();
    await world.reached(executionArn, 'AwaitRollout');
    const page = `${DEPLOYMENTS}/${executionArn.split(':').at(-1)}`;

    const running = await api('GET', page);
    const dry = await api('POST', DEPLOYMENTS, { body: { commit: commitOf(1) }, query: { dryRun: 'true' } });
    const frozen = await api('PUT', `${SERVICE}/freeze`, { body: { reason: 'now' } });
    await api('DELETE', `${SERVICE}/freeze`);
    const redriven = await post(`${page}/redrive`);
    const aborted = await post(`${page}/abort`);
    await world.ended(executionArn);
    const abortedAgain = await post(`${page}/abort`);
    const { body } = await api('GET', page);

    expect(running.body).toMatchObject({ status: 'RUNNING', endedAt: null, failure: null });
    expect(running.body.steps.at(-1)).toMatchObject({ state: 'AwaitRollout', endedAt: null });
    expect(aborted).toMatchObject({ status: 202, body: { execution: executionArn } });
    expect(dry.body).toMatchObject({ claim: { execution: executionArn }, verification: { passed: true } });
    expect(frozen.body.claim).toMatchObject({ execution: executionArn });
    expect(redriven).toMatchObject({ status: 409, body: { title: 'NotRedrivable' } });
    expect(redriven.body.detail).toMatch(/; it is under way: watch it, or abort it first\.$/);
    expect(abortedAgain.body.detail).toMatch(/ is ABORTED; there is nothing to stop; see what runs, then /);
    expect(body).toMatchObject({
      status: 'ABORTED',
      message: expect.stringContaining(`by ${CALLER} through the API. `),
    });
    expect(body.steps.at(-1)).toMatchObject({ state: 'AwaitRollout', error: 'ExecutionAborted' });
    expect(await world.item()).not.toHaveProperty('claim');
  });

  it('has both ends on record when it is aborted, re-driven and aborted again', async () => {
    const executionArn = await world.start();
    await world.reached(executionArn, 'AwaitRollout');
    const page = `${DEPLOYMENTS}/${executionArn.split(':').at(-1)}`;
    await post(`${page}/abort`);
    await world.ended(executionArn);
    await post(`${page}/redrive`);
    await world.simulation.time.pass(1);
    await post(`${page}/abort`);
    await world.ended(executionArn);
    await world.simulation.time.pass(60);

    const { body } = await api('GET', page);

    expect(body).toMatchObject({ status: 'ABORTED', redriveCount: 1 });
    expect(body.runs).toMatchObject([{ redriveCount: 0, status: 'ABORTED', error: 'Aborted' }]);
  });

  it('is aborted only while it runs', async () => {
    expect(await post(`${pageOf(first)}/abort`)).toMatchObject({
      status: 409,
      body: { title: 'NotRunning', detail: expect.stringContaining('SUCCEEDED') },
    });
  });

  it('leaves the service to be rolled back to what was last known good', async () => {
    const { lastKnownGood } = (await api('GET', SERVICE)).body;

    const answer = await post(`${SERVICE}/rollback`);
    await world.ended(answer.body.execution);

    expect(await runs()).toBe(lastKnownGood.taskDefinition);
  });
});

describe('rolling back across a migration that is not backward compatible', () => {
  const incompatible = {
    settings: (settings: ServiceSettings) => ({
      ...settings,
      migration: { ...settings.migration, backwardCompatible: false } as ServiceSettings['migration'],
    }),
  };

  it('is refused, named or not, unless it is forced; what comes after goes back as ever', async () => {
    const before = await runs();
    const migrated = await world.deploy(incompatible);
    expect(migrated).toMatchObject({ status: 'SUCCEEDED', message: '' });

    const refused = await post(`${SERVICE}/rollback`);
    const named = await post(`${SERVICE}/rollback`, { to: nameOf(second) });
    const itself = await post(`${SERVICE}/rollback`, { to: nameOf(migrated) });
    await world.ended(itself.body.execution);
    const forced = await post(`${SERVICE}/rollback`, { force: true });

    expect(refused).toMatchObject({ status: 409, body: { title: 'SchemaAhead' } });
    expect(refused.body.detail).toContain(`that of ${nameOf(migrated)} (`);
    expect(named).toMatchObject({ status: 409, body: { title: 'SchemaAhead' } });
    expect(itself.status).toBe(202);
    expect(forced.status).toBe(202);
    expect(await world.ended(forced.body.execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await runs()).toBe(before);
    const next = await world.deploy();
    expect(next).toMatchObject({ status: 'SUCCEEDED' });
    // What was forced has been live on the new schema.
    expect(await post(`${SERVICE}/rollback`)).toMatchObject({ status: 202 });
  });

  it('is refused after one that was stopped, too: nobody knows how far it came', async () => {
    await world.simulation.time.pass(600);
    const live = await runs();
    const stopped = await world.start(incompatible);
    await world.reached(stopped, 'AwaitRollout');
    await world.stopExecution(stopped);

    expect(await runs()).not.toBe(live);
    expect(await post(`${SERVICE}/rollback`)).toMatchObject({ status: 409, body: { title: 'SchemaAhead' } });
    const forced = await post(`${SERVICE}/rollback`, { force: true });
    await world.ended(forced.body.execution);
    expect(await runs()).toBe(live);
  });
});
