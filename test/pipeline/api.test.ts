import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
      running: { desiredCount: 1, runningCount: 1 },
    });
    expect(body.running.taskDefinition).toBe(body.lastKnownGood.taskDefinition);
  });
});

describe('POST /services/{service}/deployments refuses', () => {
  const { stringContaining } = expect;
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
      422,
      'InvalidRequest',
      'malformed JSON',
    ],
    [
      'no body',
      DEPLOYMENTS,
      undefined,
      { 'content-type': 'application/json' },
      422,
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
        type: 'about:blank',
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

  it('and has started nothing', async () => {
    expect(await executionNames()).toHaveLength(1);
  });
});

describe('POST /services/{service}/deployments', () => {
  it('deploys an image, named in any way, once for one idempotency key, and pins it by digest', async () => {
    const headers = { 'idempotency-key': 'release-2' };
    const names = ['v2', digest, `webapp:v2`, `${registry}/webapp:v2`, `${registry}/webapp@${digest}`];

    const answers = await Promise.all(
      names.map((image) => api('POST', DEPLOYMENTS, { body: { image }, headers })),
    );

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

  it('builds a ref, once for one idempotency key', async () => {
    const headers = { 'idempotency-key': 'main-1' };

    const answer = await api('POST', DEPLOYMENTS, { body: { ref: 'main' }, headers });
    const again = await api('POST', DEPLOYMENTS, { body: { ref: 'main' }, headers });
    const other = await api('POST', DEPLOYMENTS, { body: { ref: 'other' }, headers });

    expect(answer).toMatchObject({ status: 202, body: { service: 'webapp', ref: 'main' } });
    expect(again).toEqual(answer);
    expect(other).toMatchObject({ status: 400, body: { title: 'InvalidRequest' } });
    const { builds } = await pipeline.call('codebuild', 'BatchGetBuilds', { ids: [answer.body.build] });
    expect(builds).toMatchObject([{ projectName: 'landfall-dev-webapp', sourceVersion: 'main' }]);
  });
});

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
