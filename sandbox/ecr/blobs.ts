import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './tree.ts';

const blobFile = (directory: string, digest: string) =>
  join(directory, 'images', 'blobs', digest.replace('sha256:', ''));

/**
 * Manifests, configurations and tree listings by digest: one content-addressed folder for the registry and
 * for the docker command, as what it holds can never differ between the two.
 */
export function writeBlob(directory: string, content: string | Uint8Array): string {
  const digest = sha256(content);
  const file = blobFile(directory, digest);
  if (existsSync(file)) return digest;
  mkdirSync(join(directory, 'images', 'blobs'), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
  return digest;
}

export function readBlob(directory: string, digest: string): string | undefined {
  const file = blobFile(directory, digest);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
