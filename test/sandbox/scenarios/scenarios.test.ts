import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { listen } from '#sandbox/core/ports.ts';
import { ask, keepAsking } from '#sandbox/scenarios/asking.ts';
import { chosen, scenarios } from '#sandbox/scenarios/catalog.ts';

describe('npm run scenario', () => {
  it('lists the scenarios and exits 64 where none is asked for', () => {
    const { status, stderr } = spawnSync(process.execPath, ['sandbox/scenarios/main.ts'], {
      encoding: 'utf8',
    });

    expect(status).toBe(64);
    for (const { name } of scenarios) expect(stderr).toContain(`  ${name} `);
  });

  it.each([[['nonsense']], [['all', 'more']]])('knows no scenario called %j', (words) => {
    expect(chosen(words)).toBeUndefined();
  });

  it('plays one by its name, or all', () => {
    expect(chosen(['answers-500'])?.map(({ name }) => name)).toEqual(['answers-500']);
    expect(chosen(['all'])?.map(({ name }) => name)).toEqual([
      'migration-fails',
      'crashes-at-start',
      'answers-500',
      'port-taken',
    ]);
  });
});

describe('who asks without a pause', () => {
  it('counts every answer, also none at all', async () => {
    const answers = [
      [200, 'fine'],
      [503, ''],
    ] as const;
    let asked = 0;
    const server = createServer((_request, response) => {
      const [status, body] = answers[Math.min(asked++, 1)] ?? answers[1];
      response.writeHead(status, { connection: 'close' }).end(body);
    });
    const url = `http://127.0.0.1:${await listen(server, 0)}/`;
    const first = await ask(url);
    const asking = keepAsking(url);
    await new Promise((resolve) => server.once('request', resolve));
    await new Promise((resolve) => server.close(resolve));
    await asking.stop();

    expect(first).toBe('200 fine');
    expect(asking.answers().get('503')).toBeGreaterThan(0);
    expect(await ask(url)).toMatch(/^no answer: /);
    expect(asking.answers().size).toBe(0);
  });
});
