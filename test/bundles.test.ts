import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BuildOptions, build } from 'esbuild';
import { unzipSync } from 'fflate';
import { root, serverless } from './support/wiring.ts';

/** What would be deployed: one file of code a function. */
const bundles = Object.entries(serverless.functions).map(([key, { handler }]) => {
  const name = handler.replace(/\.[^.]+$/, '');
  const files = unzipSync(readFileSync(join(root, '.serverless', `${key}.zip`)));
  return { key, name, files: Object.keys(files), code: files[`${name}.mjs`] ?? new Uint8Array() };
});

const bundleOf = (wanted: string) => {
  const bundle = bundles.find(({ key }) => key === wanted);
  if (bundle === undefined) throw new Error(`serverless.yml has no ${wanted}`);
  return bundle;
};

const { buildOptions }: { buildOptions: BuildOptions } = createRequire(import.meta.url)(
  '../esbuild.config.cjs',
);

/** What Lambda sets, as far as it is read when a function is loaded. */
const env = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: 'us-east-1',
  LAMBDA_TASK_ROOT: '/var/task',
  TABLE_NAME: 'landfall',
};

describe('a bundle', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'landfall-bundles-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is small, as all of it is read at a cold start', () => {
    const kilobytes = bundles.map(({ key, code }) => ({ key, size: Math.ceil(code.byteLength / 1024) }));

    expect(kilobytes.filter(({ size }) => size === 0 || size > 1100)).toEqual([]);
    expect(kilobytes.find(({ key }) => key === 'claimService')?.size).toBeLessThan(610);
  });

  it('is one file, beside services.yml for those who read it', () => {
    const more = bundles.map(({ name, files }) => files.filter((file) => file !== `${name}.mjs`));

    expect(new Set(more.flat())).toEqual(new Set(['services.yml']));
    expect(bundles.filter(({ code }) => /(from|import) ?["']\./.test(Buffer.from(code).toString()))).toEqual(
      [],
    );
  });

  it.each(['claimService', 'createDeployment'])(
    'of %s is byte for byte what esbuild makes of it alone',
    async (key) => {
      const { name, code } = bundleOf(key);

      const { outputFiles = [] } = await build({
        ...buildOptions,
        absWorkingDir: root,
        entryPoints: [`${name}.ts`],
        outdir: root,
        write: false,
      });

      expect(outputFiles.map(({ contents }) => Buffer.from(contents).equals(code))).toEqual([true]);
    },
  );

  it('holds nothing of the tracing libraries that Lambda has no use for', () => {
    // The SDK of version 2 is known by its versions, the machine by where EC2 tells of itself, cls-hooked by its switch.
    const marks = ['Invalid comparator', 'latest/dynamic/instance-identity', 'DEBUG_CLS_HOOKED'];

    const found = bundles.filter(({ code }) => {
      const text = Buffer.from(code).toString();
      return !text.includes('X-Ray for Node.js') || marks.some((mark) => text.includes(mark));
    });

    expect(found.map(({ key }) => key)).toEqual([]);
  });

  it.each(['claimService', 'createDeployment'])(
    'of %s loads the tracer, and undici only to call somebody else',
    (key) => {
      const file = join(folder, `${key}.mjs`);
      writeFileSync(file, bundleOf(key).code);
      const program = `await import(${JSON.stringify(file)}); console.log(JSON.stringify(process.moduleLoadList))`;

      const loaded: string[] = JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env }).toString(),
      );

      // The segments' socket: the tracer is there.
      expect(loaded).toContain('NativeModule dgram');
      expect(loaded.filter((each) => each.includes('undici'))).toEqual([]);
    },
  );
});
