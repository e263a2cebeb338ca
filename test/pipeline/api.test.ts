import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '#cli/run.ts';
import { processIo } from '#cli/terminal/io.ts';
import { createApi } from '#test/support/api.ts';
import { type Pipeline, startPipeline, until } from '#test/support/pipeline.ts';

/** The API as an operator calls it: signed HTTP requests to the packaged functions, on a service that one push made. */
let pipeline: Pipeline;
let api: ReturnType<typeof createApi>;
let commit: string;
let registry: string;
/** An image that nobody built here: pushed to the repository from elsewhere. */
let digest: string;

const SERVICE = '/services/webapp';
const DEPLOYMENTS = '/services/webapp/deployments';
const CALLER = 'arn:aws:iam::000000000000:root';
const { stringContaining, stringMatching } = expect;

beforeAll(async () => {
  pipeline = await startPipeline();
  api = createApi(pipeline.sandbox);
  const { images } = pipeline.sandbox.services;
  registry = images.registry.host;
  digest = addImage(`${registry}/webapp:v2`, 'deployed by hand');
}, 60_000);

afterAll(() => pipeline?.stop());

describe('GET /services/{service}', () => {
  it('tells of a service that has never been deployed that nothing runs', async () => {
    expect(await api('GET', SERVICE)).toEqual({
      status: 200,
      type: 'application/json',
      body: {
        service: 'webapp',
        cluster: 'ecs-cluster',
        ecsService: 'webapp-service',
        running: null,
        claim: null,
        waiter: null,
        freeze: null,
        lastKnownGood: null,
        latest: null,
        rollbackTo: null,
      },
    });
  });

  it('tells who holds the claim during a deployment, and afterwards what is live', async () => {
    commit = await pipeline.push('Deploy the articles API');

    const claimed = await until('a claim', async () => {
      const { body } = await api('GET', SERVICE);
      // The route is throttled to ten requests a second.
      return body.claim === null ? pause(250, undefined) : body;
    });
    const { status, executionArn } = await pipeline.deployed(commit);
    const { body } = await api('GET', SERVICE);

    expect(status).toBe('SUCCEEDED');
    expect(claimed.claim).toMatchObject({
      execution: executionArn,
      deployment: executionArn.split(':').at(-1),
    });
    expect(body).toMatchObject({
      claim: null,
      lastKnownGood: { commit, deployment: executionArn.split(':').at(-1) },
      running: {
        desiredCount: 1,
        runningCount: 1,
        deployments: [{ healthyCount: 1 }],
        targets: { healthy: 1 },
        failedTasks: [],
      },
    });
    expect(body.running.taskDefinition).toBe(body.lastKnownGood.taskDefinition);
  });
});

describe('POST /services/{service}/deployments refuses', () => {
  const foreign = `nobody.example/webapp:v2`;

  it.each<[string, string, object | string | undefined, Record<string, string>, number, string, string]>([
    [
      'a service that is not configured',
      '/services/shop/deployments',
      { image: 'v2' },
      {},
      404,
      'UnknownService',
      '"shop" is not in services.yml',
    ],
    [
      'a tag that is not there',
      DEPLOYMENTS,
      { image: 'v3' },
      {},
      422,
      'ImageNotFound',
      'webapp:v3 does not exist',
    ],
    [
      'a digest that is not there',
      DEPLOYMENTS,
      { image: `sha256:${'0'.repeat(64)}` },
      {},
      422,
      'ImageNotFound',
      'does not exist',
    ],
    [
      'an image of another registry',
      DEPLOYMENTS,
      { image: foreign },
      {},
      400,
      'InvalidRequest',
      `${foreign} is not in the repository`,
    ],
    [
      'an empty body',
      DEPLOYMENTS,
      {},
      {},
      400,
      'InvalidRequest',
      'expected one of {"image": "…"}, {"commit": "…"} and {"ref": "…"}',
    ],
    [
      'both an image and a ref',
      DEPLOYMENTS,
      { image: 'v2', ref: 'main' },
      {},
      400,
      'InvalidRequest',
      'expected one of',
    ],
    [
      'what is no ref',
      DEPLOYMENTS,
      { ref: '--upload-pack=x' },
      {},
      400,
      'InvalidRequest',
      'ref: has to be a branch, tag or commit',
    ],
    [
      'an idempotency key that is none',
      DEPLOYMENTS,
      { image: 'v2' },
      { 'idempotency-key': 'a b' },
      400,
      'InvalidRequest',
      'Idempotency-Key has to be',
    ],
    [
      'what is no JSON',
      DEPLOYMENTS,
      '{"image":',
      { 'content-type': 'application/json' },
      400,
      'InvalidRequest',
      'malformed JSON',
    ],
    [
      'no body',
      DEPLOYMENTS,
      undefined,
      { 'content-type': 'application/json' },
      400,
      'InvalidRequest',
      'malformed JSON',
    ],
    [
      'a body without a content type',
      DEPLOYMENTS,
      '{"image":"v2"}',
      {},
      415,
      'InvalidRequest',
      'Unsupported Media Type',
    ],
  ])('%s', async (_, path, body, headers, status, title, why) => {
    const answer = await api('POST', path, { headers, ...(body === undefined ? {} : { body }) });

    expect(answer).toEqual({
      status,
      type: 'application/problem+json',
      body: {
        type: `urn:landfall:error:${title}`,
        title,
        status,
        detail: stringContaining(why),
        instance: stringContaining(path),
      },
    });
  });

  it('who has not signed', async () => {
    expect(await api('POST', DEPLOYMENTS, { body: { image: 'v2' }, isSigned: false })).toMatchObject({
      status: 403,
      body: { message: 'Forbidden' },
    });
    expect(await api('GET', SERVICE, { isSigned: false })).toMatchObject({ status: 403 });
  });

  it('and the access log says who was refused, and who asked', async () => {
    const { events } = await pipeline.call('logs', 'FilterLogEvents', {
      logGroupName: '/aws/http-api/landfall-dev',
    });
    const lines = events.map(({ message }: { message: string }) => JSON.parse(message));

    expect(lines.at(-1)).toMatchObject({
      status: '403',
      requestedBy: '-',
      error: 'Forbidden',
      path: SERVICE,
    });
    expect(lines.find(({ status }: { status: string }) => status === '415')).toMatchObject({
      requestedBy: CALLER,
      routeKey: 'POST /services/{service}/deployments',
      responseLatency: stringMatching(/^\d+$/),
      integrationError: '-',
      authorizerError: '-',
    });
  });

  it('and has started nothing', async () => {
    expect(await executionNames()).toHaveLength(1);
  });
});

describe('POST /services/{service}/deployments', () => {
  it.each([
    ['its tag', () => 'v2'],
    ['its digest', () => digest],
    ['repository and tag', () => 'webapp:v2'],
    ['its whole name', () => `${registry}/webapp:v2`],
    ['its whole name and digest', () => `${registry}/webapp@${digest}`],
  ])('knows an image by %s', async (_, image) => {
    const query = { dryRun: 'true' };

    const answer = await api('POST', DEPLOYMENTS, { query, body: { image: image() } });

    expect(answer).toMatchObject({ status: 200, body: { digest } });
  });

  it('deploys an image once for one idempotency key, and pins it by digest', async () => {
    const headers = { 'idempotency-key': 'release-2' };
    const ask = () => api('POST', DEPLOYMENTS, { body: { image: 'v2' }, headers });

    const answers = await Promise.all([ask(), ask(), ask(), ask()]);

    const [first] = answers;
    expect(first).toMatchObject({
      status: 202,
      type: 'application/json',
      body: { service: 'webapp', digest, deployment: `webapp-${digest.slice(7, 19)}-release-2` },
    });
    for (const answer of answers) expect(answer).toEqual(first);
    expect(await executionNames()).toHaveLength(2);
    const end = await pipeline.ended(first?.body.execution);
    expect(end).toMatchObject({ status: 'SUCCEEDED', cause: undefined });
    expect(end.path).not.toContain('RunMigration');
    const { body } = await api('GET', SERVICE);
    expect(body).toMatchObject({ claim: null, lastKnownGood: { digest } });
    const home = await fetch(`${pipeline.sandbox.world?.loadBalancer.url}/`);
    expect(await home.text()).toBe('deployed by hand');
  });

  it('is the same deployment after it has ended, for the same key', async () => {
    const headers = { 'idempotency-key': 'release-2' };

    const again = await api('POST', DEPLOYMENTS, { body: { image: 'v2' }, headers });

    expect(again.status).toBe(202);
    expect(await executionNames()).toHaveLength(2);
  });

  it('tells in a dry run what would change, and whether the pre-flight passes', async () => {
    const query = { dryRun: 'true' };

    const back = await api('POST', DEPLOYMENTS, { body: { commit: commit.slice(0, 7) }, query });
    const same = await api('POST', DEPLOYMENTS, { body: { image: digest }, query });
    const unbuilt = await api('POST', DEPLOYMENTS, { body: { commit: 'abcdef0' }, query });

    expect(back.body).toMatchObject({
      taskDefinition: [{ path: 'containerDefinitions[webapp].image', from: stringContaining(digest) }],
      serviceDefinition: [{ path: 'taskDefinition' }],
    });
    expect(same.body).toMatchObject({ taskDefinition: [], serviceDefinition: [] });
    expect(same.body.verification.problem).toBeNull();
    expect(unbuilt).toMatchObject({ status: 422, body: { title: 'NotBuilt' } });
  });
});

describe('the packaged functions may do what their routes need', () => {
  it('the history, and one deployment, whose steps are kept with its record', async () => {
    const { body: services } = await api('GET', '/services');
    const { body: page } = await api('GET', DEPLOYMENTS, { query: { limit: '2' } });
    const [newest, oldest] = page.deployments;
    const { body } = await api('GET', `${DEPLOYMENTS}/${oldest.deployment}`);
    const record = await until('the steps of the record', async () => {
      const { Item } = await pipeline.call('dynamodb', 'GetItem', {
        TableName: 'landfall-dev',
        Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: `DEPLOYMENT#${oldest.deployment}` } },
      });
      return Item.steps?.L;
    });

    expect(services.services).toHaveLength(1);
    expect(newest).toMatchObject({ trigger: { kind: 'image', requestedBy: CALLER }, digest });
    expect(oldest).toMatchObject({ trigger: { kind: 'push' }, commit });
    expect(body.steps.at(-1)).toMatchObject({ state: 'Deployed' });
    expect(record).toHaveLength(body.steps.length);
  });

  it('the logs, which the containers really wrote', async () => {
    const page = `${DEPLOYMENTS}/${await pushed()}/logs`;

    const { status, body } = await api('GET', page);
    const migration = await api('GET', page, { query: { migration: 'true' } });
    const bad = await api('GET', page, { query: { cursor: 'Zm9v' } });

    const lines = body.lines.map(({ message }: { message: string }) => message).join('\n');
    expect(status).toBe(200);
    expect(lines).toMatch(/migration\(s\) applied[\s\S]*listening on port \d+/);
    expect(body.sources.map(({ problem }: { problem: string | null }) => problem)).toEqual([null, null]);
    expect(migration.body.lines.at(-1).message).toMatch(/migration\(s\) applied/);
    expect(bad).toMatchObject({ status: 400, body: { title: 'InvalidRequest' } });
  });

  it.each([
    ['redrive', 'NotRedrivable'],
    ['abort', 'NotRunning'],
  ])('%s, which is refused after a success', async (what, title) => {
    const { body } = await api('GET', DEPLOYMENTS, { query: { limit: '1' } });

    const answer = await api('POST', `${DEPLOYMENTS}/${body.deployments[0].deployment}/${what}`);

    expect(answer).toMatchObject({ status: 409, body: { title } });
  });

  it('a freeze, which refuses a rollback, and a rollback when it is lifted', async () => {
    const frozen = await api('PUT', `${SERVICE}/freeze`, { body: { reason: 'a test' } });
    const refused = await api('POST', `${SERVICE}/rollback`);
    const lifted = await api('DELETE', `${SERVICE}/freeze`);
    const answer = await api('POST', `${SERVICE}/rollback`, { body: { to: await pushed() } });
    const end = await pipeline.ended(answer.body.execution);

    expect(frozen).toMatchObject({ status: 200, body: { requestedBy: CALLER, until: null } });
    expect(refused).toMatchObject({ status: 409, body: { title: 'ServiceFrozen' } });
    expect(lifted).toMatchObject({ status: 200, body: { lifted: { reason: 'a test' } } });
    expect(end).toMatchObject({ status: 'SUCCEEDED', cause: undefined });
    const home = await fetch(`${pipeline.sandbox.world?.loadBalancer.url}/articles`);
    expect(home.status).toBe(200);
  });
});

describe('the landfall command', () => {
  it('finds the sandbox by itself and shows what the API answers', async () => {
    const { exitCode, out, err } = await landfall(['status', '--json']);

    expect({ exitCode, err }).toEqual({
      exitCode: 0,
      err: '',
    });
    expect(JSON.parse(out)).toEqual((await api('GET', SERVICE)).body);
  });
});

describe('a bundle that S3 has expired', () => {
  it('is told as one, under the role that reads it', async () => {
    const { call } = pipeline;
    const { id } = await pipeline.built(commit);
    const { builds } = await call('codebuild', 'BatchGetBuilds', { ids: [id] });
    const [bucket, ...path] = builds[0].artifacts.location.replace('arn:aws:s3:::', '').split('/');
    const key = `${path.join('/')}/release.json`;
    await call('s3', 'DeleteObject', { Bucket: bucket, Key: key });

    const answer = await api('POST', DEPLOYMENTS, { body: { commit } });

    expect(answer).toMatchObject({
      status: 422,
      body: { title: 'BundleUnreadable', detail: stringContaining(`s3://${bucket}/${key} does not exist`) },
    });
  });
});

/** The last of all: its builds start deployments. */
describe('a ref', () => {
  const headers = { 'idempotency-key': 'first-1' };
  let build: string;

  it('is built, once for one idempotency key', async () => {
    const body = { ref: commit };
    const answer = await api('POST', DEPLOYMENTS, { body, headers });
    const again = await api('POST', DEPLOYMENTS, { body, headers });
    const other = await api('POST', DEPLOYMENTS, { body: { ref: 'other' }, headers });

    expect(answer).toMatchObject({ status: 202, body: { service: 'webapp', ref: commit } });
    expect(again).toEqual(answer);
    expect(other).toMatchObject({ status: 422, body: { title: 'IdempotencyKeyReused' } });
    build = answer.body.build;
    const { builds } = await pipeline.call('codebuild', 'BatchGetBuilds', { ids: [build] });
    expect(builds).toMatchObject([{ projectName: 'landfall-dev-webapp', sourceVersion: commit }]);
    expect(builds[0].environment.environmentVariables).toContainEqual(
      expect.objectContaining({ name: 'LANDFALL_REQUESTED_BY', value: CALLER }),
    );
  });

  it('whose build is waited for goes live, and the build names its deployment', async () => {
    const ran = await landfall([
      'deploy',
      '--ref',
      commit,
      '--idempotency-key',
      'first-1',
      '--wait',
      '--json',
    ]);
    const plain = await api('GET', `${SERVICE}/builds/${build}`);
    const encoded = await api('GET', `${SERVICE}/builds/${encodeURIComponent(build)}`);

    expect(ran).toMatchObject({ exitCode: 0 });
    const deployed = JSON.parse(ran.out);
    expect(deployed).toMatchObject({ status: 'SUCCEEDED', build, commit, trigger: { requestedBy: CALLER } });
    expect(plain).toMatchObject({
      status: 200,
      body: {
        build,
        status: 'SUCCEEDED',
        ref: commit,
        commit,
        deployment: deployed.deployment,
        requestedBy: CALLER,
      },
    });
    expect(plain.body.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
      'SUBMITTED',
      'QUEUED',
      'PROVISIONING',
      'DOWNLOAD_SOURCE',
      'INSTALL',
      'PRE_BUILD',
      'BUILD',
      'POST_BUILD',
      'UPLOAD_ARTIFACTS',
      'FINALIZING',
    ]);
    expect(plain.body).not.toHaveProperty('logTail');
    expect(encoded).toEqual(plain);
  });

  it('that does not build exits 1, and says in which phase, why and where the log is', async () => {
    const broken = await pipeline.push('Break the build', {
      Dockerfile: `${pipeline.read('Dockerfile')}\nRUN echo the compiler is missing && exit 3\n`,
    });

    const ran = await landfall(['deploy', '--ref', 'main', '--wait']);

    expect(ran.exitCode).toBe(1);
    const [, id = ''] =
      /^\d\d:\d\d:\d\d {2}(landfall-dev-webapp:\S+) {2}ref main by root/m.exec(ran.err) ?? [];
    const { body } = await api('GET', `${SERVICE}/builds/${id}`);
    expect(body).toMatchObject({
      status: 'FAILED',
      ref: 'main',
      commit: broken,
      logs: stringContaining('https://'),
      deployment: null,
    });
    expect(body.logTail).toContainEqual(expect.stringMatching(/^#\d+ \S+ the compiler is missing$/));
    expect(ran.err).toMatch(/^\d\d:\d\d:\d\d {2}✗ {2}BUILD .* FAILED$/m);
    expect(ran.out).toMatch(new RegExp(`^✗ ${id} failed: BuildFailed after `));
    expect(ran.out).toMatch(/\n {2}Last log lines:\n(?: {4}.*\n)* {4}#\d+ \S+ the compiler is missing\n/);
    expect(ran.out).toContain(`The whole log: ${body.logs}\n`);
  });

  it('that there is not fails in its first phase, which has no log of commands', async () => {
    const started = await landfall(['deploy', '--ref', 'nowhere']);

    const ran = await landfall(['watch', started.out.trim()]);

    expect(started.err).toContain(`Watch it with: landfall watch ${started.out}`);
    expect(ran.exitCode).toBe(1);
    expect(ran.out).toContain('  DOWNLOAD_SOURCE is FAILED.\n');
    expect(ran.out).toContain('nowhere');
    expect(ran.out).not.toContain('Last log lines');
  });
});

describe('the log of the API', () => {
  it('names what every request was about by its correlation id', async () => {
    const lines = await Promise.all(
      ['createDeployment', 'startRollback'].map(async (name) => {
        const { events } = await pipeline.call('logs', 'FilterLogEvents', {
          logGroupName: `/aws/lambda/landfall-dev-${name}`,
          filterPattern: '"The request was answered"',
        });
        return events.map(({ message }: { message: string }) => JSON.parse(message));
      }),
    );

    const about = lines.flat().filter(({ deployment, build }) => deployment ?? build);
    expect(about.map((line) => line.correlation_id)).toEqual(
      about.map(({ deployment, build }) => build ?? deployment),
    );
    expect(new Set(about.map((line) => line.route))).toEqual(
      new Set(['POST /services/{service}/deployments', 'POST /services/{service}/rollback']),
    );
    expect(about.some(({ build }) => build !== undefined)).toBe(true);
    expect(new Set(about.map((line) => line.target))).toEqual(new Set(['webapp']));
  });
});

/** Runs the command against the sandbox. */
async function landfall(args: string[]) {
  const written = { out: '', err: '' };
  const to = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const env = { AWS_ENDPOINT_URL: pipeline.sandbox.endpoint };
  const exitCode = await run(args, { ...processIo, out: to('out'), err: to('err'), env });
  return { exitCode, ...written };
}

/** The name of the deployment that the push made. */
async function pushed(): Promise<string> {
  const { body } = await api('GET', DEPLOYMENTS);
  const found = body.deployments.find(
    ({ trigger }: { trigger: { kind: string } }) => trigger.kind === 'push',
  );
  return found.deployment;
}

/** An image with a server that answers in these words, in the repository as if it had been pushed. */
function addImage(reference: string, words: string): string {
  const folder = join(pipeline.sandbox.context.directory, 'by-hand');
  mkdirSync(join(folder, 'app'), { recursive: true });
  writeFileSync(
    join(folder, 'app', 'server.js'),
    `require('node:http').createServer((_, response) => response.end(${JSON.stringify(words)}))
       .listen(process.env.PORT, '127.0.0.1');`,
  );
  const image = pipeline.sandbox.services.images.add(reference, folder, {
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'NODE_VERSION=24.0.0'],
    WorkingDir: '/app',
    Cmd: ['node', 'server.js'],
  });
  return image.digest;
}

async function executionNames(): Promise<string[]> {
  const { context, services } = pipeline.sandbox;
  const { executions } = await services.calls.call('states', 'ListExecutions', {
    stateMachineArn: `arn:aws:states:${context.region}:${context.accountId}:stateMachine:landfall-dev`,
  });
  return executions.map(({ name }: { name: string }) => name);
}
