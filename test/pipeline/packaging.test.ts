import { execFile } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root, serverless } from '#test/support/wiring.ts';

const PARTS = [
  'buildspec.yml',
  'esbuild.config.cjs',
  'functions',
  'lib',
  'package-lock.json',
  'package.json',
  'resources',
  'serverless.yml',
  'services.yml',
  'statemachines',
  'tsconfig.json',
];

/** A copy of the application, in which nothing has been packaged yet. */
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'landfall-packaging-'));
  for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '.cache') symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

async function run(...words: string[]): Promise<string> {
  const program = join('node_modules', 'serverless', 'bin', 'serverless.js');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], {
    cwd: copy,
    env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', NO_COLOR: '1' },
  });
  return stdout + stderr;
}

const zipsIn = (folder: string) =>
  Object.fromEntries(
    Object.keys(serverless.functions).map((key) => [
      key,
      readFileSync(join(copy, folder, `${key}.zip`)).toString('base64'),
    ]),
  );

it('serverless package builds and zips all functions once, and then only the one that has changed', async () => {
  const count = Object.keys(serverless.functions).length;
  expect(await run('package')).toContain(`Bundled ${count} of ${count} functions`);
  const before = zipsIn('.serverless');

  expect(await run('package')).toContain(`Bundled 0 of ${count} functions`);
  expect(zipsIn('.serverless')).toEqual(before);

  appendFileSync(join(copy, 'functions/states/check-health.ts'), '\nexport const changed = 1;\n');
  expect(await run('package', '--package', 'elsewhere')).toContain(`Bundled 1 of ${count} functions`);
  const after = zipsIn('elsewhere');
  expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual(['checkHealth']);
}, 180_000);

it('a function that does not build ends it, with the file and the line', async () => {
  appendFileSync(join(copy, 'functions/states/check-health.ts'), '\nexport const broken = ;\n');

  await expect(run('package')).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/functions\/states\/check-health\.ts:\d+:\d+: ERROR: Unexpected ";"/),
  });
  expect(existsSync(join(copy, '.esbuild'))).toBe(false);
});
