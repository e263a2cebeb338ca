import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { scriptFor } from '#cli/completion/completion-script.ts';
import { run } from '#cli/run.ts';
import { type Io, processIo } from '#cli/terminal/io.ts';
import { makePrintable } from '#cli/terminal/printable.ts';
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
  const { red } = pc.createColors(true);

  it.each([
    ['colours of its own', `${red('bad')}\n\tso`, `${red('bad')}\n\tso`],
    ['what clears the screen', '\u001b[2J\u001b[H', '␛[2J␛[H'],
    ['what sets a title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['what overwrites a line', 'FAILED\rlive', 'FAILED␍live'],
    ['what conceals', '\u001b[8mx', '␛[8mx'],
    ['control characters of eight bits', '\u009b2J\u007f', '<U+009B>2J␡'],
    ['a turned direction', 'abc\u202edef', 'abc<U+202E>def'],
  ])('has %s as it can be read', (_, text, shown) => {
    expect(makePrintable(text)).toBe(shown);
  });

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

describe('an output that takes no more', () => {
  const shell = (script: string) =>
    spawnSync('bash', ['-c', script], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', landfall: `${process.execPath} cli/main.ts` },
    });

  it.each([
    ['is full', '$landfall help > /dev/full', 70, /^OutputFailed: the output cannot be written: ENOSPC.*\n$/],
    ['was closed by its reader', 'exec 5> >(:); wait $!; $landfall help >&5; echo $? >&2', 0, /^141\n$/],
  ])('ends the command without a stack where it %s', (_, script, status, err) => {
    const ran = shell(script);

    expect(ran).toMatchObject({ status, stdout: '' });
    expect(ran.stderr).toMatch(err);
  });
});

describe('the completion script of bash', () => {
  it('needs nothing but bash, and may be read twice', () => {
    const script = `${scriptFor('bash')}
landfall() { printf '%s|' "$@" >&2; printf 'webapp\\tA service\\nweb-admin\\n:4\\n'; }
compopt() { :; }
COMP_LINE='landfall status --api http://127.0.0.1:1/x we' COMP_POINT=\${#COMP_LINE} __landfall_complete
echo "\${COMPREPLY[@]}"`.replaceAll('\\$', '$');
    const source = scriptFor('bash');

    const { stdout, stderr, status } = spawnSync(
      'bash',
      ['--norc', '-c', `${source}\n${source}\n${script}`],
      {
        encoding: 'utf8',
      },
    );

    expect({ stdout, stderr, status }).toEqual({ stdout: 'webapp web-admin\n', stderr: '', status: 0 });
  });
});
