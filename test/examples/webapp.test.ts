import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const webapp = join(root, 'examples/webapp');

interface LockFile {
  packages: Record<string, { version?: string; integrity?: string }>;
}

const readLock = (folder: string): LockFile =>
  JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));

describe('the lock file of examples/webapp', () => {
  it('pins what the lock file of the project pins, so that its npm ci finds everything in the cache', () => {
    const project = readLock(root).packages;
    const { '': _, ...application } = readLock(webapp).packages;

    expect(Object.keys(application)).toContain('node_modules/pg');
    for (const [path, { version, integrity }] of Object.entries(application)) {
      expect({ path, version, integrity }).toEqual({
        path,
        version: project[path]?.version,
        integrity: project[path]?.integrity,
      });
    }
  });
});

describe('examples/webapp on PostgreSQL', () => {
  let database: PGlite;
  let socket: PGLiteSocketServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    database = await PGlite.create();
    socket = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port: 0, maxConnections: 10 });
    await socket.start();
    environment = {
      DATABASE_URL: `postgres://webapp:secret@${socket.getServerConn()}/postgres?sslmode=disable`,
      HOST: '127.0.0.1',
      PORT: '0',
    };
  });

  afterAll(async () => {
    await socket.stop();
    await database.close();
  });

  const node = (args: string[], overrides: Record<string, string> = {}, cwd = webapp) =>
    spawn(process.execPath, args, { cwd, env: { ...environment, ...overrides } });

  async function migrate(overrides: Record<string, string> = {}, cwd = webapp) {
    const child = node(['bin/migrate.js'], overrides, cwd);
    const [output, errors, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { output, errors, code };
  }

  async function start(): Promise<{ server: ChildProcessWithoutNullStreams; url: string }> {
    const server = node(['server.js']);
    const [line] = await once(server.stdout, 'data');
    return { server, url: `http://127.0.0.1:${/port (\d+)/.exec(String(line))?.[1]}` };
  }

  async function stop(server: ChildProcessWithoutNullStreams): Promise<number | null> {
    server.kill('SIGTERM');
    const [code] = await once(server, 'close');
    return code;
  }

  const post = (url: string, body: string) =>
    fetch(`${url}/articles`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });

  it('migrates once, and says so when there is nothing left to do', async () => {
    const first = await migrate();
    const second = await migrate();

    expect(first).toEqual({
      output: expect.stringMatching(
        /^== 001_create_articles: migrating\n== 001_create_articles: migrated \(\d+ ms\)\n1 migration/,
      ),
      errors: '',
      code: 0,
    });
    expect(second).toEqual({ output: 'nothing to migrate\n', errors: '', code: 0 });
  });

  it('leaves a migration that fails undone and exits 1', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'webapp-'));
    cpSync(webapp, copy, { recursive: true, filter: (path) => !path.includes('node_modules') });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    writeFileSync(join(copy, 'db/migrate/002_broken.sql'), 'CREATE TABLE half (id int); SELECT nonsense;');

    const result = await migrate({}, copy);
    rmSync(copy, { recursive: true });

    expect(result.code).toBe(1);
    expect(result.errors).toBe('migration failed: 002_broken: column "nonsense" does not exist\n');
    const { rows } = await database.query(
      "SELECT to_regclass('half') AS half, count(*) FROM schema_migrations",
    );
    expect(rows).toEqual([{ half: null, count: 1 }]);
  });

  it('exits 1 when the database cannot be reached', async () => {
    const { errors, code } = await migrate({ DATABASE_URL: 'postgres://webapp@127.0.0.1:1/none' });

    expect({ errors, code }).toEqual({
      errors: expect.stringContaining('migration failed: connect ECONNREFUSED 127.0.0.1:1'),
      code: 1,
    });
  });

  it('answers hello, takes articles and lists them, and tells bad input apart', async () => {
    const { server, url } = await start();
    const answer = async (response: Response) => [response.status, await response.json()];

    expect(await answer(await fetch(`${url}/`))).toEqual([200, { message: 'hello!' }]);
    const created = await post(url, '{"title":"Élan: the Title!","body":"The body"}');
    const article = (await created.json()) as { created_at: string };
    expect([created.status, article]).toEqual([
      201,
      {
        id: 1,
        title: 'Élan: the Title!',
        body: 'The body',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
        updated_at: article.created_at,
        slug: 'elan-the-title',
      },
    ]);
    expect(await answer(await fetch(`${url}/articles?page=1`))).toEqual([200, [article]]);
    expect(await answer(await post(url, '{"title":'))).toEqual([
      400,
      { error: 'the body is not valid JSON' },
    ]);
    expect(await answer(await post(url, '{"title":" ","body":7}'))).toEqual([
      422,
      { errors: { title: ["can't be blank"], body: ['must be a string'] } },
    ]);
    expect(await answer(await post(url, '[]'))).toEqual([
      422,
      { errors: { base: ['must be a JSON object'] } },
    ]);
    expect(await answer(await fetch(`${url}/constructor`))).toEqual([404, { error: 'not found' }]);
    expect(await answer(await fetch(`${url}/articles`, { method: 'DELETE' }))).toEqual([
      405,
      { error: 'method not allowed' },
    ]);
    expect(await stop(server)).toBe(0);
  });

  it('finishes the open request on SIGTERM, takes no new one, and exits 0', async () => {
    const { server, url } = await start();
    const open = request(`${url}/articles`, { method: 'POST', headers: { Expect: '100-continue' } });
    open.flushHeaders();
    await once(open, 'continue');
    open.write('{"title":"half');

    server.kill('SIGTERM');
    const [notice] = await once(server.stdout, 'data');
    const refused = fetch(`${url}/`).then(
      () => 'answered',
      () => 'refused',
    );
    expect([String(notice), await refused]).toEqual([expect.stringContaining('SIGTERM'), 'refused']);
    open.end(' written","body":"b"}');
    const [response] = await once(open, 'response');

    expect(response.statusCode).toBe(201);
    expect(await text(response)).toContain('"slug":"half-written"');
    const [code] = server.exitCode === null ? await once(server, 'close') : [server.exitCode];
    expect(code).toBe(0);
  });
});
