import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** The package as somebody installs it: built, packed, installed without a network, called by its name. */
let folder: string;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const call = (file: string, args: string[], env: Record<string, string> = {}) =>
  execFileSync(file, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env }, stdio: 'pipe' });
const landfall = (args: string[]) =>
  call(join(folder, 'installed', 'bin', 'landfall'), args, { NO_COLOR: '1' });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'landfall-package-'));
  execFileSync(process.execPath, ['scripts/build.mjs', join(folder, 'dist')]);
  call('npm', ['pack', './dist', '--silent']);
  const offline = ['--offline', '--no-audit', '--no-fund', '--silent'];
  call('npm', ['install', '--global', '--prefix', 'installed', ...offline, `landfall-${version}.tgz`]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the installable package', () => {
  it('puts landfall on the path', () => {
    expect(landfall(['--version'])).toBe(`${version}\n`);
    expect(landfall(['--help'])).toContain('Usage: landfall [options] [command]');
  });

  it('completes its commands in the shells', () => {
    expect(landfall(['completion', 'bash'])).toContain('bash completion for landfall');
    expect(landfall(['complete', '--', 're'])).toContain('redrive\t');
  });

  it('has the command, how to use it, and the licences of what is in it', () => {
    const installed = join(folder, 'installed', 'lib', 'node_modules', 'landfall');

    expect(readdirSync(installed).sort()).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY-LICENSES.txt',
      'landfall.mjs',
      'package.json',
    ]);
    expect(readFileSync(join(installed, 'THIRD-PARTY-LICENSES.txt'), 'utf8')).toMatch(/^commander 14\./m);
  });
});
