import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createGitHub } from '#lib/aws/notify/github.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';
import { COMMIT, failed, LINK } from '../../deployment/notify/failed.ts';

interface Asked {
  request: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

describe('GitHub', () => {
  let server: Server;
  let url: string;
  let asked: Asked[] = [];
  /** What GitHub knows of deployments, and answers to whoever asks. */
  let deployments: { id: number; description: unknown }[] = [];
  let refusal: number | undefined;

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    const { method, url: path = '', headers } = request;
    const sent = await text(request);
    const body = sent === '' ? {} : JSON.parse(sent);
    asked.push({ request: `${method} ${path}`, authorization: headers.authorization, body });
    if (refusal !== undefined) return [refusal, { message: 'as GitHub says' }];
    if (method === 'GET') return [200, deployments];
    if (!path.endsWith('/deployments')) return [201, { id: 1 }];
    const deployment = { id: 42 + deployments.length, description: body.description };
    deployments.push(deployment);
    return [201, deployment];
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      void answer(request).then(([status, body]) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    asked = [];
    deployments = [];
    refusal = undefined;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const github = () =>
    createGitHub(
      () => 'prod',
      async (name) => `token of ${name}`,
      url,
    );
  const requests = () => asked.map(({ request }) => request.replace('/repos/pacuna/webapp', ''));
  const bodyOf = (request: string) => asked[requests().indexOf(request)]?.body;
  const OF_COMMIT = `POST /statuses/${COMMIT}`;
  const OF_DEPLOYMENT = 'POST /deployments/42/statuses';

  it('is told the status of the commit, and a deployment of it', async () => {
    await github().send(failed);

    expect(requests().sort()).toEqual([
      `GET /deployments?sha=${COMMIT}&environment=prod%2Fwebapp&per_page=100`,
      'POST /deployments',
      OF_DEPLOYMENT,
      OF_COMMIT,
    ]);
    expect(bodyOf(OF_COMMIT)).toEqual({
      state: 'failure',
      context: 'landfall/prod/webapp',
      description: 'webapp was not deployed: MigrationFailed',
      target_url: LINK,
    });
    expect(bodyOf('POST /deployments')).toEqual({
      ref: COMMIT,
      environment: 'prod/webapp',
      description: 'webapp-74aef81b1d23-7',
      auto_merge: false,
      required_contexts: [],
    });
    expect(bodyOf(OF_DEPLOYMENT)).toEqual({
      state: 'failure',
      description: 'webapp was not deployed: MigrationFailed',
      environment: 'prod/webapp',
      log_url: LINK,
    });
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer token of landfall/github']),
    );
  });

  it('is told of the beginning and the end of one and the same deployment', async () => {
    await github().send({ ...failed, status: 'RUNNING', error: undefined });
    await github().send({ ...failed, deployment: 'webapp-of-the-same-commit' });
    asked = [];

    await github().send(failed);

    expect(requests()).not.toContain('POST /deployments');
    expect(requests()).toContain(OF_DEPLOYMENT);
  });

  it.each<[Notification['status'], string, string]>([
    ['RUNNING', 'pending', 'in_progress'],
    ['SUCCEEDED', 'success', 'success'],
    ['SUPERSEDED', 'error', 'inactive'],
    ['ABORTED', 'error', 'error'],
    ['TIMED_OUT', 'error', 'error'],
  ])('has words of its own for %s', async (status, ofCommit, ofDeployment) => {
    await github().send({ ...failed, status, error: undefined });

    expect(bodyOf(OF_COMMIT)).toMatchObject({ state: ofCommit });
    expect(bodyOf(OF_DEPLOYMENT)).toMatchObject({ state: ofDeployment });
  });

  it('is told of a failed build as a status only: nothing was deployed', async () => {
    await github().send({ ...failed, status: 'BUILD_FAILED' });

    expect(requests()).toEqual([OF_COMMIT]);
  });

  it.each([
    ['services.yml does not say so', { ...failed, github: undefined }],
    ['there is no commit', { ...failed, commit: undefined }],
  ])('is told nothing where %s', async (_, notification) => {
    await github().send(notification);

    expect(asked).toEqual([]);
  });

  it('says why it refused, without the token', async () => {
    refusal = 403;

    const error = await github()
      .send(failed)
      .catch((thrown: Error) => thrown);

    expect(error).toMatchObject({ status: 403, message: expect.stringContaining('as GitHub says') });
    expect(String(error)).not.toContain('token of');
  });
});
