import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBlob, writeBlob } from '#sandbox/ecr/blobs.ts';
import type { ImageDocument, Manifest } from '#sandbox/ecr/manifest.ts';
import { canonical, parseReference } from '#sandbox/ecr/references.ts';
import { DockerError } from './errors.ts';

/** An image that this build host has, in docker's words: its id is the digest of its configuration. */
export interface LocalImage {
  id: string;
  /** Digest of the manifest, which is what registries call it by. */
  digest: string;
  manifestText: string;
  manifest: Manifest;
  document: ImageDocument;
  repoTags: string[];
  repoDigests: string[];
}

/**
 * The images of the build host, kept in `directory` between builds so that a second build of the same
 * commit finds its layers. One small file for each name: builds may run side by side.
 */
export function localImages(directory: string) {
  const folder = (kind: 'tags' | 'digests') => join(directory, 'images', 'local', kind);

  const names = (kind: 'tags' | 'digests'): [name: string, digest: string][] =>
    existsSync(folder(kind))
      ? readdirSync(folder(kind))
          .filter((file) => !file.endsWith('~'))
          .map((file) => [decodeURIComponent(file), readFileSync(join(folder(kind), file), 'utf8')])
      : [];

  function setName(kind: 'tags' | 'digests', name: string, digest: string): void {
    mkdirSync(folder(kind), { recursive: true });
    const unfinished = join(folder(kind), `${process.pid}~`);
    writeFileSync(unfinished, digest);
    renameSync(unfinished, join(folder(kind), encodeURIComponent(name)));
  }

  function load(digest: string): LocalImage {
    const manifestText = readBlob(directory, digest) ?? '';
    const manifest = JSON.parse(manifestText) as Manifest;
    const named = (kind: 'tags' | 'digests') =>
      names(kind).flatMap(([name, named]) =>
        named === digest ? [name.replace(/^docker\.io\/(library\/)?/, '')] : [],
      );
    return {
      id: manifest.config.digest,
      digest,
      manifestText,
      manifest,
      document: JSON.parse(readBlob(directory, manifest.config.digest) ?? ''),
      repoTags: named('tags'),
      repoDigests: named('digests'),
    };
  }

  return {
    all: (): LocalImage[] => [...new Set(names('tags').map(([, digest]) => digest))].map(load),
    find(reference: string): LocalImage | undefined {
      const parsed = parseReference(reference);
      const name = parsed && canonical(parsed);
      const byName = [...names('tags'), ...names('digests')].find(([candidate]) => candidate === name)?.[1];
      if (byName !== undefined) return load(byName);
      const id = reference.replace('sha256:', '');
      if (!/^[0-9a-f]{12,64}$/.test(id)) return undefined;
      return this.all().find((image) => image.id.startsWith(`sha256:${id}`));
    },
    /** The image of a name or id, or docker's complaint. */
    get(reference: string): LocalImage {
      const image = this.find(reference);
      if (!image) throw new DockerError(`Error response from daemon: No such image: ${reference}`);
      return image;
    },
    keep: (manifestText: string): string => writeBlob(directory, manifestText),
    manifest: (digest: string): Manifest => JSON.parse(readBlob(directory, digest) ?? ''),
    tag(digest: string, reference: string): void {
      const parsed = parseReference(reference);
      if (!parsed || parsed.digest)
        throw new DockerError(`invalid tag "${reference}": invalid reference format`, 125);
      setName('tags', canonical(parsed), digest);
    },
    setPushed: (digest: string, repository: string) => setName('digests', `${repository}@${digest}`, digest),
  };
}

export type LocalImages = ReturnType<typeof localImages>;
