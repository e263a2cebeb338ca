import { describe, expect, it } from '@jest/globals';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { createOutputs } from './context.ts';

/** The command against a sandbox with one service, whose freeze somebody meant ill with. */
async function landfall(...args: string[]) {
  const { written, out, err } = createOutputs();
  const asked: string[] = [];
  const fetch: Io['fetch'] = async (url, init) => {
    asked.push(`${String(url).split('/abc123').at(-1)} ${init?.body ?? ''}`.trim());
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const api = 'http://127.0.0.1:4566/_api/abc123';
    return String(url).endsWith('/_landfall/health')
      ? Response.json({ landfall: 'sandbox', status: 'ready', region: 'us-east-1', credentials, api })
      : Response.json(
          { type: 'x', title: 'ServiceFrozen', status: 409, detail: 'Frozen: \u001b[2Jgone' },
          { status: 409 },
        );
  };
  const io: Io = {
    ...processIo,
    env: {},
    fetch,
    out,
    err,
  };
  return { exitCode: await run(args, io), ...written, asked };
}

describe('what the command writes for people', () => {
  it('is printable also where it is an error, and as it came with --json', async () => {
    const told = await landfall('status', 'webapp');
    const json = await landfall('status', 'webapp', '--json');

    expect(told).toMatchObject({
      exitCode: 1,
      err: '(the sandbox on 127.0.0.1:4566)\nServiceFrozen: Frozen: ␛[2Jgone\nSee also: landfall status webapp\n',
    });
    expect(JSON.parse(json.err)).toEqual({
      title: 'ServiceFrozen',
      detail: 'Frozen: \u001b[2Jgone',
      remedy: 'See also: landfall status webapp',
      exitCode: 1,
    });
  });
});

describe('the command line', () => {
  it('prints help and version also as commands', async () => {
    const help = await landfall('help', 'freeze');

    expect(help).toMatchObject({ exitCode: 0, err: '' });
    expect(help.out).toBe((await landfall('freeze', '--help')).out);
    expect((await landfall('help')).out).toBe((await landfall('--help')).out);
    expect(await landfall('version')).toMatchObject({ exitCode: 0, out: `${packageFile.version}\n` });
  });

  it.each<[string, string[], string]>([
    ['an empty name', ['status', ''], 'The name is empty.'],
    ['an empty target', ['watch', ' '], 'The name is empty.'],
    ['HEAD for a commit', ['deploy', 'webapp', '--commit', 'HEAD'], 'is built first, with --ref'],
    ['an unknown option', ['status', '--frozen'], "unknown option '--frozen'"],
  ])('refuses %s, with --json as a document', async (_, args, why) => {
    const told = await landfall(...args);
    const json = await landfall(...args, '--json');

    expect(told).toMatchObject({ exitCode: 64, out: '', err: expect.stringContaining(why) });
    expect(json).toMatchObject({ exitCode: 64, out: '' });
    expect(JSON.parse(json.err)).toMatchObject({
      title: 'Usage',
      detail: expect.stringContaining(why),
      exitCode: 64,
    });
  });

  it('takes a commit in upper case', async () => {
    const { asked } = await landfall('deploy', 'webapp', '--commit', '6469ED6');

    expect(asked.at(-1)).toBe('/services/webapp/deployments {"commit":"6469ed6"}');
  });
});
