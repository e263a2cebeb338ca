import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { listen } from '#sandbox/core/ports.ts';
import { escapeXml } from '#sandbox/wire/values/xml.ts';
import { type Attack, attacksOn } from '#test/sandbox/doors/attacks.ts';
import { findChromium, launchChromium } from '#test/sandbox/doors/chromium.ts';
import { listeningPorts } from '#test/sandbox/doors/listening-ports.ts';
import { type Pipeline, startPipeline } from '#test/support/pipeline.ts';

const chromium = findChromium();
const withChromium =
  chromium === undefined
    ? describe.skip.bind(
        undefined,
        'a web page in a browser (skipped: no Chromium on the PATH, nor in CHROMIUM)',
      )
    : describe.bind(undefined, 'a web page in a browser');

/** The application in the sandbox, live behind its load balancer, and a stranger's server on another port. */
withChromium(() => {
  let pipeline: Pipeline;
  let endpoint: string;
  let application: string;
  let attacks: Attack[];
  let stranger: Server;
  let strangerPort: number;
  let redirectTo = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    pipeline = await startPipeline();
    endpoint = pipeline.sandbox.endpoint;
    application = pipeline.sandbox.world?.loadBalancer.url ?? '';
    attacks = await attacksOn(endpoint);
    await pipeline.deployed(await pipeline.push('First'));
    stranger = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: redirectTo }).end();
      else
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>hello</title>');
    });
    strangerPort = await listen(stranger);
    browser = await launchChromium(chromium ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    stranger?.close();
    stranger?.closeAllConnections();
    await pipeline?.stop();
  });

  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    expect(await booty()).toEqual({ roles: [], functions: [] });
  });

  /** What the attacks would have made. */
  async function booty() {
    const { Roles } = await pipeline.call('iam', 'ListRoles', {});
    const { Functions } = await pipeline.call('lambda', 'ListFunctions', {});
    const isLoot = (name: string) => /^(by-|runs-code)/.test(name);
    return {
      roles: Roles.map(({ RoleName }: { RoleName: string }) => RoleName).filter(isLoot),
      functions: Functions.map(({ FunctionName }: { FunctionName: string }) => FunctionName).filter(isLoot),
    };
  }

  const strangerAt = (name: string) => `http://${name}:${strangerPort}/`;

  /**
   * The different statuses that the sandbox has answered with when it has answered so many requests of `act`. It is asked
   * in its own process, as a browser keeps to itself what a page may not read.
   */
  async function answersTo(act: () => Promise<unknown>, atLeast: number): Promise<number[]> {
    const statuses: number[] = [];
    let hear: (message: unknown) => void = () => {};
    const enough = new Promise<void>((resolve) => {
      hear = (message) => {
        const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
        if (request.socket.localPort !== Number(new URL(endpoint).port)) return;
        // The functions' calls are signed; a page's requests are not, or in their query.
        if (request.headers.authorization !== undefined) return;
        // Of the page that says 403: it is the sandbox's own.
        if (request.url === '/favicon.ico') return;
        statuses.push(response.statusCode);
        if (statuses.length >= atLeast) resolve();
      };
    });
    subscribe('http.server.response.finish', hear);
    await act();
    await enough;
    unsubscribe('http.server.response.finish', hear);
    return [...new Set(statuses)];
  }

  it.each(['attacker.example', 'localhost', '127.0.0.1'])(
    'of %s is refused everything that it fetches without asking',
    async (name) => {
      await page.goto(strangerAt(name));

      const statuses = await answersTo(
        () =>
          page.evaluate(
            async ([base, sent]) => {
              for (const { method, path, type, body } of sent) {
                const headers = type === undefined ? {} : { 'content-type': type };
                await fetch(base + path, { method, mode: 'no-cors', headers, ...(body ? { body } : {}) });
              }
            },
            [endpoint, attacks] as const,
          ),
        attacks.length,
      );

      expect(statuses).toEqual([403]);
    },
  );

  it('gets no leave to send what a browser asks for first, and reads nothing', async () => {
    await page.goto(strangerAt('attacker.example'));

    const read = await page.evaluate(async (base) => {
      const attempts: [string, RequestInit][] = [
        ['/_landfall/health', {}],
        [
          '/',
          { method: 'POST', headers: { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' }, body: '{}' },
        ],
        ['/git/webapp.git/git-receive-pack', { method: 'POST', headers: { 'content-type': 'a/b' } }],
        ['/anything', { method: 'DELETE' }],
      ];
      return Promise.all(
        attempts.map(([path, init]) => fetch(base + path, init).then(({ status }) => status, String)),
      );
    }, endpoint);

    expect(read).toEqual(Array.from({ length: 4 }, () => 'TypeError: Failed to fetch'));
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'is refused a form of type %s',
    async (enctype) => {
      await page.goto(strangerAt('attacker.example'));
      const posts = attacks.filter(({ method }) => method === 'POST');

      for (const { path, body = '' } of posts) {
        const fields = [...new URLSearchParams(body)].map(
          ([name, value]) => `<input name="${escapeXml(name)}" value="${escapeXml(value)}">`,
        );
        await page.setContent(
          `<form action="${escapeXml(endpoint + path)}" method="post" enctype="${enctype}">${fields.join('')}<button>win</button></form>`,
        );

        expect(await answersTo(() => page.click('button'), 1)).toEqual([403]);
        await page.goto(strangerAt('attacker.example'));
      }
    },
  );

  it.each([
    ['an image', (url: string) => `<img src="${url}">`],
    ['a script', (url: string) => `<script src="${url}"></script>`],
    ['a style sheet', (url: string) => `<link rel="stylesheet" href="${url}">`],
    ['a frame', (url: string) => `<iframe src="${url}"></iframe>`],
    ['an object', (url: string) => `<object data="${url}"></object>`],
  ])('is refused what it shows as %s', async (_, markup) => {
    for (const { path } of attacks.filter(({ method }) => method === 'GET')) {
      await page.goto(strangerAt('attacker.example'));
      const show = () => page.setContent(markup(escapeXml(endpoint + path)), { waitUntil: 'commit' });

      expect(await answersTo(show, 1)).toEqual([403]);
    }
  });

  it.each(['_self', '_blank'])('leads nobody here by a link into %s', async (target) => {
    for (const { path } of attacks.filter(({ method }) => method === 'GET')) {
      await page.goto(strangerAt('attacker.example'));
      await page.setContent(`<a href="${escapeXml(endpoint + path)}" target="${target}">win</a>`);

      expect(await answersTo(() => page.click('a'), 1)).toEqual([403]);
    }
  });

  it('leads nobody to an operation by a redirect, even who typed its address', async () => {
    const { path = '' } = attacks.find(({ method }) => method === 'GET') ?? {};
    redirectTo = endpoint + path;

    const answer = await page.goto(`${strangerAt('attacker.example')}redirect`);

    expect(await answer?.request().headerValue('sec-fetch-site')).toBe('none');
    expect(answer?.status()).toBe(403);
  });

  it('opens no WebSocket', async () => {
    await page.goto(strangerAt('attacker.example'));

    const ends = await page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = () => resolve('open');
          socket.onerror = () => resolve('refused');
        }),
      `${endpoint.replace('http', 'ws')}/`,
    );

    expect(ends).toBe('refused');
  });

  it('whose name is rebound to this machine reads nothing and pushes nothing', async () => {
    const rebound = endpoint.replace('127.0.0.1', 'attacker.example');
    // The first answer is the stranger's; from then on the name means 127.0.0.1, so that all is of one origin.
    await page.route(`${rebound}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>hello' }));
    await page.goto(`${rebound}/`);

    const answers = await page.evaluate(async (sent) => {
      const push = { method: 'POST', headers: { 'content-type': 'application/x-git-receive-pack-request' } };
      const attempts: [string, RequestInit][] = [
        ...sent.map(({ method, path, body }): [string, RequestInit] => [
          path,
          { method, ...(body ? { body } : {}) },
        ]),
        ['/git/webapp.git/git-receive-pack', { ...push, body: '0000' }],
      ];
      return Promise.all(
        attempts.map(async ([path, init]) => {
          const response = await fetch(path, init);
          return [response.status, (await response.text()).includes('--allow-host attacker.example')];
        }),
      );
    }, attacks);

    expect(answers).toEqual([...attacks, 'push'].map(() => [403, true]));
  });

  it('may be the application’s own: its load balancer stays open', async () => {
    const opened = await page.goto(`${application}/`);
    await page.goto(strangerAt('attacker.example'));

    const fetched = await page.evaluate(
      (url) => fetch(url, { mode: 'no-cors' }).then(({ type }) => type, String),
      `${application}/articles`,
    );

    expect(opened?.status()).toBe(200);
    expect(fetched).toBe('opaque');
  });

  it('of the application is a stranger to the sandbox: it is another port', async () => {
    await page.goto(`${application}/`);

    const statuses = await answersTo(
      () => page.evaluate((url) => fetch(url, { mode: 'no-cors' }), `${endpoint}/_landfall/health`),
      1,
    );

    expect(statuses).toEqual([403]);
  });

  it('that a person opens is answered, and so is what it asks of its own origin', async () => {
    const health = `${endpoint}/_landfall/health`;

    const opened = await page.goto(health);
    const fetched = await page.evaluate(async (url) => (await fetch(url)).status, health);

    expect([opened?.status(), fetched]).toEqual([200, 200]);
  });

  (process.platform === 'linux' ? it : it.skip)(
    'finds no other port open than the sandbox’s, the load balancer’s and the database’s',
    async () => {
      const { DBInstances } = await pipeline.call('rds', 'DescribeDBInstances', {});
      const database = DBInstances[0].Endpoint.Port;
      const known = [new URL(endpoint), new URL(application)].map(({ port }) => Number(port));
      await page.goto(strangerAt('attacker.example'));

      const spoken = await page.evaluate(
        (url) => fetch(url, { mode: 'no-cors' }).then(({ type }) => type, String),
        `http://127.0.0.1:${database}/`,
      );

      expect(listeningPorts(process.pid).sort()).toEqual([...known, database, strangerPort].sort());
      expect(spoken).toBe('TypeError: Failed to fetch');
    },
  );
});
