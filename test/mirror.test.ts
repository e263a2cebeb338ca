import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root, sources } from './support/wiring.ts';

/** test/ mirrors the rooms file by file: who looks for the test of a file, or for what a test is of, has its path. */

/** Files that export functions and need no unit test of their own, each with the reason. */
const UNTESTED: Record<string, string> = {};

/** Tests that are of no single file, each with the reason. */
const SOURCELESS: Record<string, string> = {
  'test/cli/package.test.ts': 'of the package that scripts/build.mjs makes',
};

const exists = (path: string) => globSync(path, { cwd: root }).length > 0;

/** Whether the file exports what can be called: a function, or an arrow in a constant. */
const exportsFunctions = (file: string) =>
  /^export (async )?function |^export class |^export const \w+(: [^=]+)? =\s+(async )?(<.+>)?\(/m.test(
    readFileSync(join(root, file), 'utf8'),
  );

const testOf = (file: string) => `test/${file.replace(/\.ts$/, '.test.ts')}`;

const sourceOf = (test: string) => test.replace(/^test\//, '').replace(/\.test\.ts$/, '.ts');

describe('every file that decides', () => {
  const files = sources('lib/deployment').filter(exportsFunctions);

  it('has the test of its name', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => !exists(testOf(file)) && !(file in UNTESTED))).toEqual([]);
  });

  it('is an exception only where there is a reason for one', () => {
    expect(Object.keys(UNTESTED).filter((file) => !files.includes(file) || exists(testOf(file)))).toEqual([]);
  });
});

describe('every test', () => {
  const tests = globSync(['test/lib/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/functions/**/*.test.ts'], {
    cwd: root,
  });

  it('has its source', () => {
    expect(tests.length).toBeGreaterThan(70);
    expect(tests.filter((test) => !exists(sourceOf(test)) && !(test in SOURCELESS))).toEqual([]);
  });

  it('is an exception only where there is a reason for one', () => {
    expect(Object.keys(SOURCELESS).filter((test) => !tests.includes(test) || exists(sourceOf(test)))).toEqual(
      [],
    );
  });
});
