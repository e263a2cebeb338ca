import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listen } from '#sandbox/core/ports.ts';

/** `npm run sandbox -- --empty` as a process of its own, in a process group and with a temporary folder of its own. */
describe('npm run sandbox', () => {
  let temporary: string;
  let child: ChildProcess;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  });

  afterEach(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(temporary, { recursive: true, force: true });
  });

  /** Starts it and answers the one line that it prints. */
  async function start(
    port: number,
    options: string[] = [],
    [command = '', ...words]: string[] = [process.execPath, 'sandbox/main.ts'],
  ): Promise<string> {
    child = spawn(command, [...words, '--empty', '--port', String(port), ...options], {
      detached: true,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('The sandbox has no output');
    const [line] = await once(createInterface(child.stdout), 'line');
    return line;
  }

  const endpointOf = (line: string) => /http:\S+/.exec(line)?.[0] ?? '';

  async function whoAmI(endpoint: string) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new STSClient({ endpoint, region: 'us-east-1', credentials });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    client.destroy();
    return Arn;
  }

  const health = async (endpoint: string) => (await fetch(`${endpoint}/_landfall/health`)).json();

  const processesOf = (group: number | undefined) =>
    execFileSync('ps', ['-eo', 'pgid='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => Number(line) === group);

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'answers any SDK until %s, then exits with %i and leaves nothing behind',
    async (signal, code) => {
      const line = await start(0);
      const endpoint = endpointOf(line);
      expect(line).toMatch(/^ +\d+\.\d s {2}the sandbox listens on http:\S+$/);
      expect(await whoAmI(endpoint)).toBe('arn:aws:iam::000000000000:root');
      expect(await health(endpoint)).toEqual({
        landfall: 'sandbox',
        status: 'empty',
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        api: null,
      });
      expect(readdirSync(temporary)).toHaveLength(1);

      child.kill(signal);
      const [status] = await once(child, 'exit');

      expect(status).toBe(code);
      expect(processesOf(child.pid)).toEqual([]);
      expect(await isFree(Number(new URL(endpoint).port))).toBe(true);
      expect(existsSync(temporary) && readdirSync(temporary)).toEqual([]);
    },
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)('ends when the npm that runs it ends by %s', async (signal) => {
    const line = await start(0, [], ['npm', 'run', '--silent', 'sandbox', '--']);
    expect(await whoAmI(endpointOf(line))).toContain(':root');
    const { stdout } = child;
    if (stdout === null) throw new Error('The sandbox has no output');

    // Its output closes when the last process that could write to it is gone.
    const closed = once(stdout, 'close');
    child.kill(signal);
    await closed;

    expect(await isFree(Number(new URL(endpointOf(line)).port))).toBe(true);
    // npm leaves a cache of its own there.
    expect(readdirSync(temporary).filter((name) => name.startsWith('landfall'))).toEqual([]);
  });

  it('takes the next free port where the one asked for is taken, and says which', async () => {
    const other = createServer();
    const taken = await listen(other);

    const line = await start(taken);

    const port = Number(new URL(endpointOf(line)).port);
    expect(port).toBeGreaterThan(taken);
    expect(line).toContain(` (${taken} is taken)`);
    expect(await whoAmI(endpointOf(line))).toContain(':root');
    other.close();
  });

  it('answers to a name of --allow-host, and to no other', async () => {
    const endpoint = endpointOf(
      await start(0, ['--allow-host', 'Devbox.internal', '--allow-host', 'other.internal']),
    );
    const { port } = new URL(endpoint);

    const statuses = ['devbox.internal', 'other.internal', 'attacker.example'].map((name) =>
      statusOf(Number(port), `${name}:${port}`),
    );

    expect(await Promise.all(statuses)).toEqual([200, 200, 403]);
  });

  it.each([
    [['--allow-host', 'http://devbox.internal'], '--allow-host takes a host name without scheme and port'],
    [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
  ])('refuses %j and says why', async (options, message) => {
    child = spawn(process.execPath, ['sandbox/main.ts', '--empty', ...options], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')]);

    expect([status, said]).toEqual([64, expect.stringContaining(message)]);
  });
});

function statusOf(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port, path: '/_landfall/health', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

async function isFree(port: number): Promise<boolean> {
  const server: Server = createServer();
  try {
    return (await listen(server, port)) === port;
  } finally {
    server.close();
  }
}
