import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

const folders = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];

/**
 * Where programs are looked for: the image's own folders first, then the Node that runs the sandbox (it stands
 * for the Node of a base image, which has no files here), then this machine's.
 */
export function searchPath(rootfs: string, imagePath: string | undefined): string {
  const inImage = (imagePath?.split(':') ?? [])
    .filter(isAbsolute)
    .map((folder) => join(rootfs, folder))
    .concat(folders.map((folder) => join(rootfs, folder)));
  const existing = [...new Set(inImage)].filter((folder) => existsSync(folder));
  return [...existing, dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'].join(delimiter);
}

/** The file that `program` means inside the container, or undefined when there is none. */
export function resolveProgram(
  program: string,
  rootfs: string,
  directory: string,
  path: string,
): string | undefined {
  if (isAbsolute(program)) return [join(rootfs, program), program].find(isExecutable);
  if (program.includes('/')) return [join(directory, program)].find(isExecutable);
  return path
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
