import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';

/** Where COPY takes files from: the build context without what .dockerignore names, or another image's tree. */
export interface FileSource {
  base: string;
  /** Every file, link and folder in it, relative to `base`, folders before what they hold. */
  entries(): string[];
}

export function treeSource(base: string): FileSource {
  return { base, entries: () => walk(base) };
}

export function contextSource(base: string, ignoreFile: string): FileSource {
  const ignored = dockerignore.default().add(readIgnoreFile(base, ignoreFile));
  const included = ignored.createFilter();
  return {
    base,
    // A folder that is ignored is still walked: an exception (!folder/file) may bring back what it holds.
    entries: () => walk(base).filter((path) => included(path)),
  };
}

/** `Dockerfile.dockerignore` goes before `.dockerignore`, as in BuildKit. */
function readIgnoreFile(base: string, ignoreFile: string): string[] {
  const file = [ignoreFile, join(base, '.dockerignore')].find((candidate) => existsSync(candidate));
  return file === undefined ? [] : readFileSync(file, 'utf8').split(/\r?\n/);
}

function walk(base: string, path = ''): string[] {
  return readdirSync(join(base, path))
    .sort()
    .flatMap((name) => {
      const inside = join(path, name);
      const isFolder = lstatSync(join(base, inside)).isDirectory();
      return isFolder ? [inside, ...walk(base, inside)] : [inside];
    });
}

/** The entries that a COPY source names: `*`, `?` and `[…]` as Go's filepath.Match has them, never across a `/`. */
export function matching(entries: string[], source: string): string[] {
  const pattern = source.replace(/^(?:\.?\/)+|\/+$/g, '');
  if (pattern === '' || pattern === '.') return ['.'];
  const regex = pattern
    .replace(/[.+^${}()|]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  const matches = new RegExp(`^${regex}$`);
  return entries.filter((entry) => matches.test(entry));
}
