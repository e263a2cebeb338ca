import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createGitHub } from '#lib/aws/github.ts';
import { createNotifications } from '#lib/aws/notifications.ts';
import { chatMessage, type Notification } from '#lib/deployment/notification.ts';

const COMMIT = '74aef81b1d2374aef81b1d2374aef81b1d2374ae';

const failed: Notification = {
  service: 'webapp',
  deployment: 'webapp-74aef81b1d23-7',
  status: 'FAILED',
  commit: COMMIT,
  error: 'MigrationFailed',
  text: 'AwaitMigration failed with MigrationFailed.\nIt exited with 1.',
  github: { repository: 'pacuna/webapp', tokenSecret: 'landfall/github' },
};

describe('the message for a chat', () => {
  it('is a custom notification: what happened, what to do, and one thread a deployment', () => {
    expect(chatMessage(failed)).toEqual({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'webapp was not deployed: MigrationFailed',
        description: failed.text,
        nextSteps: [expect.any(String), '`landfall redrive webapp webapp-74aef81b1d23-7`'],
        keywords: ['webapp', 'FAILED', '74aef81b1d23'],
      },
      metadata: {
        threadId: 'webapp-74aef81b1d23-7',
        summary: 'webapp was not deployed: MigrationFailed',
        eventType: 'Landfall Deployment State Change',
        additionalContext: { correlationId: 'webapp-74aef81b1d23-7' },
      },
    });
  });

  it('asks nothing of anybody when all went well', () => {
    const message = chatMessage({ ...failed, status: 'SUCCEEDED', error: undefined });

    expect(message).toMatchObject({ content: { title: 'webapp is live', nextSteps: [] } });
  });
});

describe('GitHub', () => {
  let server: Server;
  let url: string;
  let asked: { path: string; authorization: string | undefined; body: Record<string, unknown> }[] = [];
  let status = 201;

  async function answer(request: IncomingMessage): Promise<string> {
    const { url: path = '', headers } = request;
    asked.push({ path, authorization: headers.authorization, body: JSON.parse(await text(request)) });
    return JSON.stringify({ id: 42, message: 'as GitHub says' });
  }

  beforeAll(async () => {
    server = createServer((request, response) => {
      void answer(request).then((body) => response.writeHead(status).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    asked = [];
    status = 201;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const github = () => createGitHub(async (name) => `token of ${name}`, url);
  const paths = () => asked.map(({ path }) => path).sort();

  it('is told the status of the commit, and a deployment of it', async () => {
    await github().tell(failed);

    expect(paths()).toEqual([
      '/repos/pacuna/webapp/deployments',
      '/repos/pacuna/webapp/deployments/42/statuses',
      `/repos/pacuna/webapp/statuses/${COMMIT}`,
    ]);
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer token of landfall/github']),
    );
    const bodies = Object.fromEntries(
      asked.map(({ path, body }) => [path.split('/').slice(4).join('/'), body]),
    );
    expect(bodies).toEqual({
      [`statuses/${COMMIT}`]: {
        state: 'failure',
        context: 'landfall/webapp',
        description: 'webapp was not deployed: MigrationFailed',
      },
      deployments: {
        ref: COMMIT,
        environment: 'webapp',
        description: 'webapp-74aef81b1d23-7',
        auto_merge: false,
        required_contexts: [],
      },
      'deployments/42/statuses': {
        state: 'failure',
        description: 'webapp was not deployed: MigrationFailed',
        environment: 'webapp',
      },
    });
  });

  it('is told of a failed build as a status only: nothing was deployed', async () => {
    await github().tell({ ...failed, status: 'BUILD_FAILED' });

    expect(paths()).toEqual([`/repos/pacuna/webapp/statuses/${COMMIT}`]);
  });

  it.each([
    ['services.yml does not say so', { ...failed, github: undefined }],
    ['there is no commit', { ...failed, commit: undefined }],
  ])('is told nothing where %s', async (_, notification) => {
    await github().tell(notification);

    expect(asked).toEqual([]);
  });

  it('says why it refused, without the token', async () => {
    status = 403;

    const error = await github()
      .tell(failed)
      .catch((thrown: Error) => thrown);

    expect(String(error)).toContain('GitHub answered 403 to POST /repos/pacuna/webapp/');
    expect(String(error)).not.toContain('token of');
  });

  it('keeps nobody from being told when it, or anything else, fails', async () => {
    const reported: string[] = [];
    const broken = { send: () => Promise.reject(new Error('SNS is away')) };
    const notifications = createNotifications(
      (_, error) => reported.push(error.message),
      broken as never,
      {
        send: async () => ({ Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'try again' }] }),
      } as never,
      { tell: () => Promise.reject(new Error('GitHub is away')) },
    );
    process.env.TOPIC_ARN = 'topic';
    process.env.CHAT_TOPIC_ARN = 'chat';

    await notifications.tell(failed);

    expect(reported).toEqual(['SNS is away', 'SNS is away', 'InternalFailure: try again', 'GitHub is away']);
  });
});
