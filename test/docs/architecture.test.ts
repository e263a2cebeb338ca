import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#test/support/wiring.ts';

const read = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What stands in backticks and is a path from the root: with a slash, and no placeholder in capitals. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`((?:\.ci|[a-z][\w-]*)\/[\w./-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/[A-Z]{3}/.test(path) && path !== 'test/simulation/mine.test.ts');

describe('docs/architecture.md', () => {
  it('shows the pipeline as statemachines/deploy.asl.yml has it', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/draw-pipeline.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });

    expect([status, stderr]).toEqual([0, '']);
  });
});

describe.each(['docs/architecture.md', 'CONTRIBUTING.md', 'README.md'])('%s', (page) => {
  it('names files that there are', () => {
    const states = (path: string) => existsSync(join(root, path));

    expect(pathsIn(read(page)).filter((path) => !states(path))).toEqual([]);
  });

  it('names commands that there are', () => {
    const fences = /```[\s\S]*?```/g;
    const text = read(page);
    const code = [
      ...(text.match(fences) ?? []),
      ...(text.replace(fences, '').match(/`[^`\n]+`/g) ?? []),
    ].join('\n');
    const named = [...code.matchAll(/npm (?:run )?([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    const npm = ['ci', 'install'];

    expect(named.filter((name) => !npm.includes(name) && !(name in scripts))).toEqual([]);
  });
});
