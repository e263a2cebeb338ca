import { cpSync, existsSync, mkdirSync } from 'node:fs';
import type { Image, ImageConfig } from '#sandbox/containers/image.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import { baseImage } from './base-images.ts';
import { readBlob, writeBlob } from './blobs.ts';

import {
  type ImageDocument,
  type Manifest,
  type RuntimeConfig,
  TREE_LAYER_TYPE,
  writeManifest,
} from './manifest.ts';
import { canonical, parseReference } from './references.ts';
import { createRegistry, type Registry, type Repository, type StoredImage } from './registry.ts';
import { findImage, recordImage } from './repository-images.ts';
import { toolchain } from './toolchain.ts';
import { layerFolder, readLayer } from './tree.ts';

/** The one store of the images that were built and pushed in this sandbox. */
export interface Images {
  /**
   * The image of `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG` (or `@sha256:…`), or of a base image.
   * Throws CannotPullContainerError in the words of ECS's agent.
   */
  pull(reference: string): Image;
  /** Puts a copy of a folder into a repository (made where it is missing) as if it had been built and pushed. */
  add(reference: string, folder: string, config: RuntimeConfig): Image;
  registry: Registry;
}

export function createImages(context: SandboxContext): Images {
  const registry = createRegistry(context);

  function pull(reference: string): Image {
    const parsed = parseReference(reference);
    if (!parsed) throw cannotPull(`invalid reference format: ${reference}`);
    const base = baseImage(reference);
    if (base) return pullBase(context, base);
    const repository = parsed.registry === registry.host && registry.repositories.get(parsed.repository);
    const id = parsed.digest ? { imageDigest: parsed.digest } : { imageTag: parsed.tag ?? 'latest' };
    const stored = repository ? findImage(repository, id) : undefined;
    if (!repository || !stored) throw notFound(canonical(parsed));
    return unpack(context, repository, stored);
  }

  return {
    registry,
    pull,
    add(reference, folder, config) {
      const parsed = parseReference(reference);
      if (parsed?.registry !== registry.host)
        throw cannotPull(`not a reference of ${registry.host}: ${reference}`);
      const repository = registry.repositories.get(parsed.repository) ?? registry.create(parsed.repository);
      const layer = storeTree(context, folder);
      const { digest, manifestText, configText } = writeManifest(config, layer);
      for (const blob of [configText, layer.listing]) {
        repository.blobs.set(writeBlob(context.directory, blob), Buffer.byteLength(blob));
      }
      recordImage(context, repository, manifestText);
      if (!parsed.digest) repository.tags.set(parsed.tag ?? 'latest', digest);
      return pull(`${repository.uri}@${digest}`);
    },
  };
}

function storeTree(context: SandboxContext, folder: string) {
  const layer = readLayer(folder);
  const destination = layerFolder(context.directory, layer.digest);
  if (!existsSync(destination)) cpSync(folder, destination, { recursive: true, verbatimSymlinks: true });
  return layer;
}

function unpack(context: SandboxContext, repository: Repository, stored: StoredImage): Image {
  const manifest = JSON.parse(stored.manifest) as Manifest;
  const [layer] = manifest.layers;
  const document = readBlob(context.directory, manifest.config.digest);
  if (manifest.layers.length !== 1 || layer?.mediaType !== TREE_LAYER_TYPE || document === undefined) {
    throw cannotPull(
      `${repository.uri}@${stored.digest} was not built by this sandbox's docker: cannot unpack it`,
    );
  }
  const { config } = JSON.parse(document) as ImageDocument;
  return {
    digest: stored.digest,
    rootfs: layerFolder(context.directory, layer.digest),
    config: runnable(context.directory, config),
    sizeInBytes: stored.sizeInBytes,
  };
}

function pullBase(context: SandboxContext, config: RuntimeConfig): Image {
  const empty = readLayer(emptyTree(context.directory));
  return {
    digest: writeManifest(config, empty).digest,
    rootfs: emptyTree(context.directory),
    config: runnable(context.directory, config),
    sizeInBytes: 0,
  };
}

function emptyTree(directory: string): string {
  const folder = layerFolder(directory, 'empty');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What a container runtime needs to know, with this machine's Node on the PATH of images that have one. */
export function runnable(directory: string, config: RuntimeConfig): ImageConfig {
  const environment = Object.fromEntries(
    config.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  if (environment.NODE_VERSION !== undefined) {
    environment.PATH = `${toolchain(directory)}:${environment.PATH}`;
  }
  return {
    environment,
    workingDirectory: config.WorkingDir,
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    exposedPorts: Object.keys(config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
    stopSignal: config.StopSignal ?? 'SIGTERM',
  };
}

const cannotPull = (message: string) => new AwsError('CannotPullContainerError', message);

const notFound = (reference: string) =>
  cannotPull(
    `pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: ${reference}: not found`,
  );
