import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { root, serverless } from './support/wiring.ts';

/** What would be deployed: one file a function. */
const bundles = Object.keys(serverless.functions).map((key) => {
  const files = Object.entries(unzipSync(readFileSync(join(root, '.serverless', `${key}.zip`))));
  return { key, code: files.find(([name]) => name.endsWith('.mjs'))?.[1] ?? new Uint8Array() };
});

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
      writeFileSync(file, bundles.find((each) => each.key === key)?.code ?? '');
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
