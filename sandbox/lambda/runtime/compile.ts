import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/**
 * Writes the runtime as one plain JavaScript file into `directory` and returns its path. A worker could run the
 * TypeScript as it is, but each thread would load Node's type stripper anew: 28 ms more for every cold start.
 */
export function compileRuntime(directory: string): string {
  const outfile = join(directory, 'runtime.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'silent',
  });
  return outfile;
}
