import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gitEnvironment } from '#sandbox/git/command.ts';
import { type Assembled, assembleSandbox } from '#sandbox/sandbox.ts';
import { readAllowedHost } from '#sandbox/wire/guard/host.ts';
import { serviceModel } from '#sandbox/wire/model.ts';
import { type Attack, attacksOn, LOOT } from './attacks.ts';

type Headers = Record<string, string>;

interface Sent {
  method?: string;
  path: string;
  headers?: Headers;
  body?: string;
}

/** One sandbox for all, which answers to one name beside the loopback's. */
let sandbox: Assembled;
let endpoint: string;
let port: number;
let apiId: string;

beforeAll(async () => {
  sandbox = assembleSandbox({ door: { allowedHosts: ['devbox.internal'] } });
  endpoint = await sandbox.listen(0);
  port = Number(new URL(endpoint).port);
  await sandbox.services.git.repository('webapp');
  ({ ApiId: apiId } = await call('apigateway', 'CreateApi', { Name: 'api', ProtocolType: 'HTTP' }));
});
afterAll(() => sandbox.stop());

const call = (service: string, operation: string, input: object) =>
  sandbox.services.calls.call(service, operation, input);

/** Sends an attack with more headers. */
function attack({ name: _, type, ...attack }: Attack, headers: Headers = {}) {
  return send({
    ...attack,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
  });
}

/** A request as it is, with any Host and any of the headers that only browsers may set. */
function send({ method = 'GET', path, headers = {}, body }: Sent) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const sent = request({
        port,
        method,
        path,
        headers: { host: `127.0.0.1:${port}`, ...headers },
      });
      sent.on('response', async (response) => {
        resolve({ status: response.statusCode, headers: response.headers, text: await text(response) });
      });
      sent.on('error', reject).end(body);
    },
  );
}

const HEALTH = '/_landfall/health';
const statusOf = async (sent: Sent) => (await send(sent)).status;

/** What browsers send with a request of a web page, by how the page sends it. `self` is the sandbox's own host and port. */
const pages: [string, (self: string) => Headers][] = [
  ['of another site', () => ({ origin: 'http://attacker.example', 'sec-fetch-site': 'cross-site' })],
  ['of another port', () => ({ origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' })],
  ['of a sandboxed frame or a file', () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' })],
  ['as an image', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })],
  ['of another port, as an image', () => ({ 'sec-fetch-site': 'same-site' })],
  ['as a link', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })],
  ['of another name of this machine', () => ({ origin: `http://localhost:${port}` })],
  ['that is served by TLS', (self) => ({ origin: `https://${self}` })],
  ['of an extension', () => ({ origin: 'chrome-extension://abc', 'sec-fetch-site': 'none' })],
  ['in a browser without Fetch Metadata', () => ({ origin: 'http://attacker.example' })],
  ['as an image in such a browser', () => ({ 'user-agent': 'Mozilla/5.0 (Macintosh) Safari/605.1.15' })],
  [
    'whose name was rebound',
    () => ({
      host: `attacker.example:${port}`,
      origin: `http://attacker.example:${port}`,
      'sec-fetch-site': 'same-origin',
    }),
  ],
  ['whose name was rebound, as an image', () => ({ host: `attacker.example:${port}` })],
];

describe('a web page', () => {
  it.each(pages)('%s can neither run code nor read anything', async (_, headersOf) => {
    const headers = headersOf(`127.0.0.1:${port}`);
    const attacks = await attacksOn(endpoint);

    const answers = await Promise.all(
      attacks.map(async (each) => {
        const { status, text } = await attack(each, headers);
        return [each.name, status, text.includes('Forbidden: ')];
      }),
    );

    expect(answers).toEqual(attacks.map(({ name }) => [name, 403, true]));
    const { Roles } = await call('iam', 'ListRoles', {});
    const { Functions } = await call('lambda', 'ListFunctions', {});
    expect([Roles, Functions]).toEqual([[], []]);
  });

  it('is refused what a program of this machine may do with the very same requests', async () => {
    const statuses: (number | undefined)[] = [];
    for (const each of await attacksOn(endpoint)) statuses.push((await attack(each)).status);
    const { Roles } = await call('iam', 'ListRoles', {});
    for (const { RoleName } of Roles) await call('iam', 'DeleteRole', { RoleName });
    await call('lambda', 'DeleteFunction', { FunctionName: LOOT.function });

    expect(Roles).toHaveLength(3);
    expect(statuses).toEqual([200, 200, 200, 201, 200, 200, 200, 415]);
  });

  it('gets no answer to a CORS preflight that would let it go on', async () => {
    const answer = await send({
      method: 'OPTIONS',
      path: '/',
      headers: {
        origin: 'http://attacker.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-amz-target,content-type',
        'access-control-request-private-network': 'true',
      },
    });

    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('opens no WebSocket', async () => {
    const headers = {
      origin: 'http://attacker.example',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };

    expect(await statusOf({ path: '/', headers })).toBe(403);
  });

  it('of the sandbox itself may ask it, and a person may open its addresses', async () => {
    const own = { origin: endpoint, 'sec-fetch-site': 'same-origin', 'user-agent': 'Mozilla/5.0' };
    const opened = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'user-agent': 'Mozilla/5.0' };

    expect(await statusOf({ path: HEALTH, headers: own })).toBe(200);
    expect(await statusOf({ path: HEALTH, headers: opened })).toBe(200);
  });

  it('that a person opened from outside calls no operation by redirecting to its URL', async () => {
    const opened = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' };
    const attacks = await attacksOn(endpoint);
    const named = (name: string) => attacks.find((each) => each.name === name) as Attack;
    const byUrl = named('CreateRole by a URL');
    const spelt = { ...byUrl, path: byUrl.path.replace('Action=', 'x=Action=&%41ction=') };

    const answers = await Promise.all(
      [byUrl, spelt, named('CreateRole by a form')].map((each) => attack(each, opened)),
    );

    const refusal = expect.stringMatching(/<Code>AccessDenied<.*Forbidden: a browser opened this address/s);
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [403, refusal]));
    expect((await call('iam', 'ListRoles', {})).Roles).toEqual([]);
  });
});

describe('the host of a request', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:4566',
    '127.255.255.254:1',
    'localhost',
    'LOCALHOST:4566',
    '[::1]:4566',
    'landfall.localhost:4566',
    'bucket.with.dots.s3.localhost:4566',
    'abcdefghij.execute-api.localhost:4566',
    'devbox.internal:4566',
    'DevBox.internal',
  ])('may be %s', async (host) => {
    expect(await statusOf({ path: HEALTH, headers: { host } })).toBe(200);
  });

  it.each([
    'attacker.example:4566',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example',
    'attackerlocalhost',
    'devbox.internal.attacker.example',
    'not.devbox.internal',
    '128.0.0.1',
    '0.0.0.0:4566',
    '127.0.0.256',
    '127.0.0',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '192.168.1.5:4566',
    '[::ffff:127.0.0.1]:4566',
    '[fe80::1]:4566',
    '127.0.0.1@attacker.example',
    'attacker.example#.localhost',
    'localhost:4566:1',
    'localhost:',
  ])('may not be "%s"', async (host) => {
    expect(await statusOf({ path: HEALTH, headers: { host } })).toBe(403);
  });

  it('may not be missing', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.end(`GET ${HEALTH} HTTP/1.0\r\n\r\n`);

    expect(await text(socket)).toMatch(/^HTTP\/1.1 403 .*Forbidden: the request names no host/s);
  });

  it('is said to its sender, with what to do', async () => {
    const { text } = await send({ path: HEALTH, headers: { host: 'attacker.example:4566' } });

    expect(JSON.parse(text)).toEqual({
      message:
        'Forbidden: the request is for "attacker.example:4566". The sandbox answers to names of the loopback alone, ' +
        `because a web page can make any other name mean this machine. Use ${endpoint}, ` +
        'or start it with --allow-host attacker.example.',
    });
  });

  it.each([
    ['devbox.internal', 'devbox.internal'],
    ['Host.Docker.Internal', 'host.docker.internal'],
    ['192.168.1.5', '192.168.1.5'],
    ['devbox', 'devbox'],
    ['http://devbox.internal', undefined],
    ['devbox.internal:4566', undefined],
    ['devbox..internal', undefined],
    ['*.internal', undefined],
    ['*', undefined],
    ['', undefined],
    ['a'.repeat(254), undefined],
  ])('may be allowed as %j: %j', (text, name) => {
    expect(readAllowedHost(text)).toBe(name);
  });

  it('is not overridden by the target, as it would be for a proxy', async () => {
    expect(await statusOf({ path: `http://attacker.example${HEALTH}` })).toBe(403);
  });
});

/**
 * Every door of the front door, with what a request for it looks like and how its refusal is read. What is served on the
 * port and is not here fails the test below.
 */
describe('every door of the sandbox’s port', () => {
  const cross = { origin: 'http://attacker.example', 'sec-fetch-site': 'cross-site' };
  const message = expect.stringMatching(/^Forbidden: a web page of another origin .* yourself\.\s*$/s);

  const handlers: Record<string, { path: () => string; read: (text: string) => unknown }> = {
    health: { path: () => HEALTH, read: (text) => JSON.parse(text).message },
    git: { path: () => '/git/webapp.git/info/refs?service=git-upload-pack', read: (text) => text },
    'HTTP APIs': { path: () => `/_api/${apiId}/services`, read: (text) => JSON.parse(text).message },
  };

  it('is one of these', () => {
    expect(sandbox.handlers.map(({ name }) => name).sort()).toEqual(Object.keys(handlers).sort());
  });

  it.each(Object.entries(handlers))('refuses a web page in its own form: %s', async (_, { path, read }) => {
    const { status, text } = await send({ path: path(), headers: cross });

    expect([status, read(text)]).toEqual([403, message]);
  });

  it('refuses a web page in its own form: each AWS service', async () => {
    const refusals = sandbox.services.definitions.map(async (definition) => {
      const { protocol, targetPrefix } = serviceModel(definition);
      const isJson = protocol.startsWith('awsJson');
      const credential = `test/20260101/us-east-1/${definition.signingName}/aws4_request`;
      const named: Headers = isJson
        ? { 'x-amz-target': `${targetPrefix}.Anything` }
        : {
            authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
            'x-amz-date': '20260101T000000Z',
          };
      const { status, text } = await send({ method: 'POST', path: '/', headers: { ...named, ...cross } });
      const [, code, words] = isXml(protocol)
        ? (/<Code>(.*?)<\/Code>\s*<Message>(.*?)<\/Message>/.exec(text) ?? [])
        : [text, isJson ? JSON.parse(text).__type : 'AccessDeniedException', readMessage(text)];
      return { service: definition.signingName, status, code, words };
    });

    const read = await Promise.all(refusals);

    expect(read.length).toBeGreaterThan(15);
    for (const each of read)
      expect(each).toMatchObject({
        status: 403,
        code: expect.stringMatching(/^(AccessDenied(Exception)?|AuthorizationError)$/),
        words: message,
      });
  });

  it('refuses a web page where it serves nothing, too', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };

    const [page, query] = await Promise.all([
      send({ path: '/nowhere', headers: cross }),
      send({ method: 'POST', path: '/', headers: { ...form, ...cross } }),
    ]);

    expect([page.status, JSON.parse(page.text)]).toEqual([403, { __type: 'AccessDeniedException', message }]);
    expect([query.status, query.text]).toEqual([403, expect.stringContaining('<Message>Forbidden: ')]);
  });

  it('says it to people who use git, in git’s own words', async () => {
    const args = [
      '-c',
      'http.extraHeader=Origin: http://attacker.example',
      'ls-remote',
      `${endpoint}/git/webapp.git`,
    ];

    await expect(promisify(execFile)('git', args, { env: gitEnvironment() })).rejects.toMatchObject({
      stderr: expect.stringContaining('remote: Forbidden: a web page of another origin has sent the request'),
    });
  });

  const isXml = (protocol: string) => protocol.endsWith('Query') || protocol === 'restXml';
  const readMessage = (text: string) => {
    const body = JSON.parse(text);
    return body.message ?? body.Message;
  };
});
