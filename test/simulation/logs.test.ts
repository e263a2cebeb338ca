import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Api } from '#test/support/api.ts';
import { createWorldApi } from './api.ts';
import { createLandfall, type Landfall } from './command.ts';
import { createWorld, type Ended, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { failingMigration } from './runs.ts';

/** GET …/logs and `landfall logs` over the life of one service: each describe goes on where the one before it ended. */
let world: World;
let api: Api;
let landfall: Landfall;
let first: Ended;
let second: Ended;

const HOUR = 3_600;
const nameOf = ({ executionArn }: Ended) => executionArn.split(':').at(-1) ?? '';
const logsOf = (end: Ended, query: Record<string, string> = {}) =>
  api('GET', `/services/webapp/deployments/${nameOf(end)}/logs`, { query });
const messages = ({ body }: Awaited<ReturnType<Api>>) =>
  body.lines.map(({ message }: { message: string }) => message);

const talkative: typeof wellBehaved = (spec) => ({
  ...wellBehaved(spec),
  output: isMigration(spec)
    ? [`migrating to ${releaseOf(spec)}`, 'migrated']
    : [`release ${releaseOf(spec)} listens`],
});

/** Writes to the log of the running task of this deployment, as its container would. */
async function write(end: Ended, ...lines: string[]) {
  const { sources } = (await logsOf(end)).body;
  const { logGroup, logStream } = sources.find(
    ({ lastStatus }: { lastStatus: string }) => lastStatus === 'RUNNING',
  );
  for (const line of lines) world.simulation.services.logs.write(logGroup, logStream, line);
}

beforeAll(async () => {
  world = await createWorld({ behave: talkative }, { instances: 2 });
  api = await createWorldApi(world);
  landfall = await createLandfall(world);
  first = await world.deploy();
  second = await world.deploy();
});

afterAll(() => world.end());

describe('the logs of a deployment', () => {
  it('are the lines of its migration and its tasks and of no other one, in the order of time', async () => {
    const answer = await logsOf(second);

    expect(messages(answer)).toEqual(['migrating to 2', 'migrated', 'release 2 listens']);
    expect(answer.body).toMatchObject({ status: 'SUCCEEDED', truncated: false, more: false });
    expect(answer.body.sources).toMatchObject([
      { container: 'webapp', migration: true, lastStatus: 'STOPPED', from: 'logs', problem: null },
      { container: 'webapp', migration: false, lastStatus: 'RUNNING', from: 'logs', problem: null },
    ]);
    expect(answer.body.lines[0]).toEqual({
      at: expect.any(String),
      task: answer.body.sources[0].task,
      container: 'webapp',
      message: 'migrating to 2',
    });
    expect(messages(await logsOf(first))).toEqual(['migrating to 1', 'migrated', 'release 1 listens']);
  });

  it('may be few, of the migration, or of one container', async () => {
    expect(messages(await logsOf(second, { limit: '2' }))).toEqual(['migrated', 'release 2 listens']);
    expect(messages(await logsOf(second, { migration: 'true' }))).toEqual(['migrating to 2', 'migrated']);
    expect((await logsOf(second, { container: 'proxy' })).body).toMatchObject({ lines: [], sources: [] });
  });

  it('go on behind a cursor with what has been written since, none of it twice', async () => {
    const { nextCursor } = (await logsOf(second, { limit: '1' })).body;
    const nothing = await logsOf(second, { cursor: nextCursor });
    await write(second, 'GET /', 'GET /articles');
    const next = await logsOf(second, { cursor: nothing.body.nextCursor });
    await write(second, 'GET /articles/1');
    const last = await logsOf(second, { cursor: next.body.nextCursor });

    expect([nothing, next, last].map(messages)).toEqual([
      [],
      ['GET /', 'GET /articles'],
      ['GET /articles/1'],
    ]);
    // The same place is the same lines: an answer that was lost is asked for again.
    expect(messages(await logsOf(second, { cursor: next.body.nextCursor }))).toEqual(['GET /articles/1']);
  });

  it('say that there is more already, and lose none of it', async () => {
    let { nextCursor } = (await logsOf(second)).body;
    await write(second, ...Array.from({ length: 7 }, (_, index) => `line ${index}`));
    const seen: string[] = [];
    const more: boolean[] = [];
    do {
      const answer = await logsOf(second, { cursor: nextCursor, limit: '4' });
      seen.push(...messages(answer));
      more.push(answer.body.more);
      nextCursor = answer.body.nextCursor;
    } while (more.at(-1));

    expect(seen).toEqual(Array.from({ length: 7 }, (_, index) => `line ${index}`));
    // Two containers share the four lines.
    expect(more).toEqual([true, true, true, false]);
  });

  it.each([
    ['a cursor of another deployment', async () => ({ cursor: (await logsOf(first)).body.nextCursor })],
    ['what is no cursor', async () => ({ cursor: 'f/0/s' })],
    ['no lines at all', async () => ({ limit: '0' })],
    ['more than a thousand', async () => ({ limit: '1001' })],
    ['a parameter that it does not know', async () => ({ follow: 'true' })],
  ])('refuse %s', async (_, query) => {
    expect(await logsOf(second, await query())).toMatchObject({
      status: 400,
      body: { title: 'InvalidRequest' },
    });
  });

  it.each<[string, AwsError, number, object]>([
    [
      'a group that is not named',
      new AwsError('AccessDeniedException', 'User is not authorized to perform: logs:GetLogEvents'),
      200,
      { lines: [], sources: [{ problem: expect.stringContaining('name it as logGroup') }, {}] },
    ],
    [
      'a cursor that CloudWatch Logs has given up',
      new AwsError('InvalidParameterException', 'The specified nextToken is invalid.'),
      400,
      { title: 'InvalidRequest', detail: expect.stringContaining('more than a day old') },
    ],
  ])('tell of %s', async (_, error, status, body) => {
    const { nextCursor } = (await logsOf(second)).body;
    world.scenario.disturb = (call, perform) => {
      if (call.operation === 'GetLogEvents') throw error;
      return perform();
    };

    const answer = await logsOf(second, { cursor: nextCursor });

    delete world.scenario.disturb;
    expect(answer).toMatchObject({ status, body });
  });

  it('are none of a service whose cluster is gone', async () => {
    world.scenario.disturb = (call, perform) => {
      if (call.operation === 'ListTasks')
        throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
      return perform();
    };

    const answer = await logsOf(second);

    delete world.scenario.disturb;
    expect(answer).toMatchObject({ status: 200, body: { lines: [], sources: [] } });
  });

  it('are nothing for what is not there', async () => {
    expect(await api('GET', '/services/webapp/deployments/webapp-9/logs')).toMatchObject({ status: 404 });
    expect(await api('GET', '/services/shop/deployments/shop-9/logs')).toMatchObject({ status: 404 });
  });
});

describe('landfall logs', () => {
  const LINE = /^\d\d:\d\d:\d\d {2}[0-9a-f]{8} webapp {2}/;

  it('prints each line with its time, task and container', async () => {
    const { exitCode, out, err } = await landfall(['logs', '--migration', '--limit', '5']);
    const lines = out.trim().split('\n');

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '(the sandbox on 127.0.0.1)\n' });
    expect(lines.map((line) => line.replace(LINE, ''))).toEqual(['migrating to 2', 'migrated']);
    expect(lines.every((line) => LINE.test(line))).toBe(true);
  });

  it('--json prints what the API answers', async () => {
    const { out } = await landfall(['logs', nameOf(first), '--json']);

    expect(JSON.parse(out)).toEqual((await logsOf(first)).body);
  });

  it('--follow goes on until Ctrl-C, and exits with 130', async () => {
    let interruptWhen = (_: string) => false;
    const following = landfall(['logs', nameOf(second), '--follow', '--limit', '1', '--json'], {
      interruptWhen: (written) => interruptWhen(written),
    });
    interruptWhen = (written) => written.includes('POST /articles');
    world.scenario.disturb = async (call, perform) => {
      const answer = await perform();
      // Once the first answer is on its way.
      if (call.operation === 'GetLogEvents' && world.scenario.disturb !== undefined) {
        delete world.scenario.disturb;
        await write(second, 'POST /articles');
      }
      return answer;
    };

    const { exitCode, out } = await following;

    expect(exitCode).toBe(130);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).message),
    ).toEqual(['line 6', 'POST /articles']);
  });
});

describe('of a deployment whose migration failed', () => {
  let failed: Ended;

  beforeAll(async () => {
    world.scenario.behave = failingMigration('no such table');
    failed = await world.deploy();
  });

  it('the log is that of the migration, and following it ends by itself', async () => {
    const { exitCode, out } = await landfall(['logs', nameOf(failed), '--follow']);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^\S+ {2}\w{8} webapp {2}no such table\n$/);
  });

  it('the record has the last lines when ECS has forgotten the task', async () => {
    await world.simulation.time.pass(2 * HOUR);
    // ECS looks what it may forget when a task is started.
    world.scenario.behave = talkative;
    await world.deploy();

    const { body } = await logsOf(failed);
    const { out, err } = await landfall(['logs', nameOf(failed)]);

    expect(body).toMatchObject({
      lines: [{ at: null, container: 'webapp', message: 'no such table' }],
      sources: [{ from: 'record', migration: true, lastStatus: null, logStream: null }],
    });
    expect(out).toMatch(/^ {8} {2}\w{8} webapp {2}no such table\n$/);
    expect(err).toContain('of webapp the record keeps these last lines');
  });

  it('of one that left none it is said', async () => {
    const { exitCode, out, err } = await landfall(['logs', nameOf(first)]);

    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    expect(err).toContain(`ECS shows no task of ${nameOf(first)}`);
  });
});
