import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';

interface BundleOptions {
  root: string;
  functions: Record<string, { handler: string; include: string[] }>;
  directory: string;
  signal?: AbortSignal;
}

interface ServerlessFile {
  functions: Record<string, { handler: string; package?: { patterns?: string[] } }>;
}

const require = createRequire(import.meta.url);

/**
 * Bundles the functions that have changed, as the framework's plugin does, without the seconds that the framework takes
 * to start. Puts the zips of all functions into `directory`; returns the keys of those that were built.
 */
export function bundle(root: string, directory: string, signal?: AbortSignal): Promise<string[]> {
  // Only here, as it loads esbuild.
  const {
    bundleFunctions,
  }: {
    bundleFunctions(options: BundleOptions): Promise<string[]>;
  } = require('../../resources/bundles/bundle.cjs');
  return bundleFunctions({ root, functions: functionsOf(root), directory, ...(signal && { signal }) });
}

function functionsOf(root: string): BundleOptions['functions'] {
  const text = readFileSync(join(root, 'serverless.yml'), 'utf8');
  // CloudFormation's tags are unknown here, and nothing that is read has one.
  const { functions }: ServerlessFile = parse(text, { logLevel: 'error' });
  return Object.fromEntries(
    Object.entries(functions).map(([key, { handler, package: { patterns = [] } = {} }]) => [
      key,
      { handler, include: patterns },
    ]),
  );
}
