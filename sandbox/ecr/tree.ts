import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A file tree as an image layer: what is in it, as text, and the digest of that text. */
export interface Layer {
  digest: string;
  listing: string;
  /** Of all files together, uncompressed. */
  sizeInBytes: number;
}

export const sha256 = (content: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/**
 * Describes a tree so that the same files with the same contents and modes always give the same digest:
 * sorted paths, no times, no owners, and of the mode only whether a file is executable (a umask or a
 * checkout must not change what an image is called).
 */
export function readLayer(folder: string): Layer {
  const lines: string[] = [];
  let sizeInBytes = 0;
  const visit = (path: string) => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const inside = join(path, name);
      const stats = lstatSync(join(folder, inside));
      if (stats.isSymbolicLink()) {
        lines.push(JSON.stringify([inside, 'link', readlinkSync(join(folder, inside))]));
      } else if (stats.isDirectory()) {
        lines.push(JSON.stringify([inside, 'directory']));
        visit(inside);
      } else if (stats.isFile()) {
        const content = readFileSync(join(folder, inside));
        sizeInBytes += content.length;
        lines.push(JSON.stringify([inside, stats.mode & 0o100 ? 'executable' : 'file', sha256(content)]));
      }
    }
  };
  visit('');
  const listing = `${lines.join('\n')}\n`;
  return { digest: sha256(listing), listing, sizeInBytes };
}

/** Where the tree of a layer lies: layers are content-addressed and shared by whoever built or pulled them. */
export function layerFolder(directory: string, digest: string): string {
  return join(directory, 'images', 'layers', digest.replace('sha256:', ''));
}
