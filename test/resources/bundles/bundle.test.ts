import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';

const { bundleFunctions }: { bundleFunctions(options: object): Promise<string[]> } = createRequire(
  import.meta.url,
)('../../../resources/bundles/bundle.cjs');

/** Two functions of an application of its own: both import what they share, one has a file with it. */
const FUNCTIONS = {
  claim: { handler: 'functions/claim.handler', include: [] },
  list: { handler: 'functions/list.handler', include: ['services.yml'] },
};
const FILES = {
  'functions/claim.ts':
    "import { greet } from '../lib/greet.ts';\nexport const handler = () => greet('claim');\n",
  'functions/list.ts':
    "import { greet } from '../lib/greet.ts';\nexport const handler = () => greet('list');\n",
  'lib/greet.ts': "export const greet = (who: string) => 'hello, '.concat(who);\nexport const unused = 1;\n",
  'services.yml': 'services: {}\n',
  'package.json': '{"type":"module"}',
};

describe('bundling', () => {
  let root: string;

  /** Written as somebody would have, some time before. */
  function write(file: string, content: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
    utimesSync(join(root, file), 1_000, 1_000);
  }

  const bundle = (functions: object = FUNCTIONS) =>
    bundleFunctions({ root, functions, directory: join(root, 'out') });
  const zip = (key: string) => readFileSync(join(root, 'out', `${key}.zip`));
  const filesIn = (key: string) =>
    Object.fromEntries(
      Object.entries(unzipSync(zip(key))).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
    );

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'landfall-bundling-'));
    for (const [file, content] of Object.entries(FILES)) write(file, content);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes one file of a function, which needs no other, beside the files that it includes', async () => {
    expect(await bundle()).toEqual(['claim', 'list']);

    expect(Object.keys(filesIn('claim'))).toEqual(['functions/claim.mjs']);
    expect(filesIn('list')).toEqual({
      'functions/list.mjs': expect.stringContaining('hello, '),
      'services.yml': 'services: {}\n',
    });
    expect(filesIn('list')['functions/list.mjs']).not.toMatch(/from ?["'][./]/);
  });

  it('builds nothing again where nothing has changed', async () => {
    await bundle();
    const before = zip('claim');
    rmSync(join(root, 'out'), { recursive: true });

    expect(await bundle()).toEqual([]);
    expect(zip('claim').equals(before)).toBe(true);
  });

  it.each([
    ['its handler', 'functions/list.ts', 'export const handler = () => 2;\n', ['list']],
    ['a file that it includes', 'services.yml', 'services: { shop: {} }\n', ['list']],
    ['what both import', 'lib/greet.ts', 'export const greet = () => 3;\n', ['claim', 'list']],
    ['what esbuild reads', 'package.json', '{"type":"module","sideEffects":false}', ['claim', 'list']],
  ])('builds a function again when %s has changed, and no other', async (_what, file, content, expected) => {
    await bundle();
    const before = { claim: zip('claim'), list: zip('list') };

    write(file, content);

    expect(await bundle()).toEqual(expected);
    if (!expected.includes('claim')) expect(zip('claim').equals(before.claim)).toBe(true);
    if (file !== 'package.json') expect(zip('list').equals(before.list)).toBe(false);
  });

  it('builds again what was written while it was built, as it may have been read before', async () => {
    write('lib/greet.ts', FILES['lib/greet.ts']);
    const later = Date.now() / 1000 + 60;
    utimesSync(join(root, 'lib/greet.ts'), later, later);
    await bundle();

    expect(await bundle()).toEqual(['claim', 'list']);
  });

  it('says which file does not build, keeps nothing of it, and goes on when it is mended', async () => {
    write('functions/list.ts', 'export const handler = () => {\n');
    await expect(bundle()).rejects.toThrow(/functions\/list\.ts:2:0: ERROR: Unexpected end of file/);

    write('functions/list.ts', FILES['functions/list.ts']);

    expect(await bundle()).toEqual(['claim', 'list']);
  });

  it('refuses a pattern that is no path of a file, by the function’s name', async () => {
    const functions = { list: { ...FUNCTIONS.list, include: ['*.yml'] } };

    await expect(bundle(functions)).rejects.toThrow(/^list cannot be packaged: .*\*\.yml/);
  });
});
