import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listen } from '#sandbox/core/ports.ts';
import { createGit, type GitHost, repositoryName } from '#sandbox/git/git.ts';
import type { Push } from '#sandbox/git/push.ts';
import { toWireRequest } from '#sandbox/wire/server.ts';
import { git } from '../support/build-stage.ts';
import { testContext } from '../support/sandbox-context.ts';

describe('the code host', () => {
  const { context: bare, remove } = testContext();
  const pushes: Push[] = [];
  let host: GitHost;
  let url: string;
  let path: string;
  let copy: string;
  const server = createServer(async (request, response) => {
    const { takes, handle } = host.handler;
    if (takes(toWireRequest(request, new Uint8Array()))) await handle(request, response);
    else response.writeHead(404).end('not git');
  });

  beforeAll(async () => {
    const port = await listen(server);
    const context = { ...bare, endpoint: () => `http://127.0.0.1:${port}` };
    host = createGit(context, { onPush: (push) => void pushes.push(push) });
    ({ url, path } = await host.repository('webapp'));
    copy = mkdtempSync(join(context.directory, 'copy-'));
    await git(copy, 'clone', '--quiet', url, '.');
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    remove();
  });
  beforeEach(() => {
    pushes.length = 0;
  });

  async function commit(file: string, message: string): Promise<string> {
    writeFileSync(join(copy, file), message);
    await git(copy, 'add', '--all');
    await git(copy, 'commit', '--quiet', `--message=${message}`);
    return await git(copy, 'rev-parse', 'HEAD');
  }

  /** As it is: fetch would tidy the path up. */
  function raw(path: string): Promise<{ status: number | undefined; text: string }> {
    const { port } = new URL(url);
    return new Promise((resolve, reject) => {
      request({ port, path }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, text });
      })
        .on('error', reject)
        .end();
    });
  }

  it('takes pushes over HTTP and tells what they brought', async () => {
    const after = await commit('first.txt', 'First');

    await git(copy, 'push', '--quiet', 'origin', 'main');

    const before = '0'.repeat(40);
    const actor = 'sandbox@localhost';
    expect(pushes).toEqual([
      {
        repository: 'webapp',
        ref: 'refs/heads/main',
        before,
        after,
        actor,
        files: ['first.txt'],
        message: 'First',
      },
    ]);
    expect(await git(copy, 'ls-remote', url, 'refs/heads/main')).toBe(`${after}\trefs/heads/main`);
  });

  it('hears of pushes to the folder too, even from a user whose git looks for hooks elsewhere', async () => {
    const before = await git(copy, 'rev-parse', 'HEAD');
    const after = await commit('second.txt', 'Second\n\nwith a body');
    await git(copy, 'tag', 'v1');

    await git(copy, '-c', `core.hooksPath=${copy}`, 'push', '--quiet', path, 'main', 'v1');

    expect(pushes.map(({ ref }) => ref).sort()).toEqual(['refs/heads/main', 'refs/tags/v1']);
    expect(pushes.find(({ ref }) => ref === 'refs/heads/main')).toMatchObject({
      before,
      after,
      files: ['second.txt'],
      message: 'Second\n\nwith a body',
    });
  });

  it('tells of a deleted branch, which has no commit', async () => {
    await git(copy, 'push', '--quiet', 'origin', 'main:topic');
    await git(copy, 'push', '--quiet', 'origin', '--delete', 'topic');

    expect(pushes.at(-1)).toMatchObject({ ref: 'refs/heads/topic', after: '0'.repeat(40) });
  });

  it('believes nobody who does not know the token of its hooks', async () => {
    const body = `${'0'.repeat(40)} ${'1'.repeat(40)} refs/heads/main\n`;

    const response = await fetch(url.replace('/git/webapp.git', '/_git/received/webapp'), {
      method: 'POST',
      headers: { 'x-git-token': 'guess' },
      body,
    });

    expect([response.status, pushes]).toEqual([403, []]);
  });

  it('leaves other requests to others, and makes no repository outside its folder', async () => {
    const base = url.replace('/git/webapp.git', '');

    expect(await (await fetch(`${base}/elsewhere`)).text()).toBe('not git');
    await expect(host.repository('../x')).rejects.toThrow('is no name for a repository');
  });

  /** Each of them would be the repository's own address, if somebody read it kindly. */
  it.each([
    '/git/other.git/info/refs',
    '/git/../git/webapp.git/info/refs',
    '/git/webapp.git/../webapp.git/info/refs',
    '/git/webapp.git/./info/refs',
    '/git/x/../webapp.git/info/refs',
    '/git/%2e%2e/git/webapp.git/info/refs',
    '/git/webapp%2egit/info/refs',
    '/git/webapp.git%2finfo/refs',
    '/git/webapp.git%252finfo/refs',
    '/git/%77ebapp.git/info/refs',
    '/git//webapp.git/info/refs',
    '/git/webapp.git//info/refs',
    '/git/webapp.git/info/refs/',
    '/git/webapp.git/info\\refs',
    '/git/webapp.git/info/refs;x',
    '/git/webapp.git/HEAD',
    '/git/webapp.git/hooks/token',
    '/git/webapp.git/objects/info/packs',
    '/git/webapp.git',
    '/git',
    '/_git/received/../received/webapp',
    '/_git/received/webapp/x',
  ])('has no repository at %s', async (path) => {
    const answer = await raw(`${path}?service=git-upload-pack`);

    expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('no repository') });
  });

  it('has none at an absolute path of this machine, nor beside its folder', async () => {
    const outside = join(copy, '.git');

    expect(await raw(`/git/${outside}/info/refs?service=git-upload-pack`)).toMatchObject({ status: 404 });
    expect(await raw('/git/webapp.git/info/refs?service=git-upload-pack')).toMatchObject({ status: 200 });
    await expect(host.repository('a..b')).rejects.toThrow('is no name for a repository');
  });

  it('finds the repository that a source location of any host names', () => {
    expect(host.locate('https://github.com/acme/webapp.git')).toBe(path);
    expect(host.locate('git@github.com:acme/webapp')).toBe(path);
    expect(host.locate('https://github.com/acme/other.git')).toBeUndefined();
    expect(repositoryName('https://github.com/acme/..')).toBeUndefined();
  });
});
