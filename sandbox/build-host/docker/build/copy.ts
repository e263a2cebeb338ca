import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import { DockerError, solveError } from '../errors.ts';
import { type FileSource, matching } from './file-source.ts';

/**
 * COPY: a folder gives its content, a file itself; the destination is a folder when it ends in a slash, is one
 * already, or when there is more than one source.
 */
export function copyInto(root: string, workingDirectory: string, source: FileSource, words: string[]): void {
  const destination = words.at(-1) ?? '';
  const sources = words.slice(0, -1);
  if (sources.length === 0)
    throw new DockerError('COPY requires at least two arguments, but only one was provided');
  const entries = source.entries();
  const found = sources.flatMap((pattern) => {
    const matched = matching(entries, pattern);
    if (matched.length > 0) return matched;
    const path = posix.join('/', pattern);
    throw solveError(
      `failed to compute cache key: failed to calculate checksum of ref: "${path}": not found`,
    );
  });
  const target = join(root, posix.resolve(workingDirectory, destination));
  const intoFolder = /(^|\/)\.?$/.test(destination) || isFolder(target);
  if (found.length > 1 && !intoFolder) {
    throw solveError(
      'when using COPY with more than one source file, the destination must be a directory and end with a /',
    );
  }
  for (const entry of found) copyEntry(source, entries, entry, target, intoFolder, root);
}

function copyEntry(
  source: FileSource,
  entries: string[],
  entry: string,
  target: string,
  intoFolder: boolean,
  root: string,
): void {
  if (!isFolder(join(source.base, entry))) {
    copyFile(join(source.base, entry), intoFolder ? join(target, basename(entry)) : target, root);
    return;
  }
  mkdirInside(target, root);
  for (const inside of entries) {
    const path = entry === '.' ? inside : relative(entry, inside);
    if (path === '' || path.startsWith('..')) continue;
    const from = join(source.base, inside);
    if (isFolder(from)) mkdirInside(join(target, path), root);
    else copyFile(from, join(target, path), root);
  }
}

function copyFile(from: string, to: string, root: string): void {
  mkdirInside(dirname(to), root);
  rmSync(to, { force: true });
  if (lstatSync(from).isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return;
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, statSync(from).mode & 0o100 ? 0o755 : 0o644);
}

/** A link in an image must not lead a copy out of the image and onto this machine. */
function mkdirInside(folder: string, root: string): void {
  let existing = folder;
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) existing = dirname(existing);
  const real = realpathSync(existing);
  const realRoot = realpathSync(root);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) {
    throw solveError(`${relative(root, folder)} leads out of the image through a link`);
  }
  mkdirSync(folder, { recursive: true });
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
