import { type Layer, sha256 } from './tree.ts';

/** The part of an image's configuration that a Dockerfile writes, in the OCI image spec's own spelling. */
export interface RuntimeConfig {
  Env: string[];
  WorkingDir: string;
  User?: string;
  Entrypoint?: string[];
  Cmd?: string[];
  ExposedPorts?: Record<string, Record<string, never>>;
  Labels?: Record<string, string>;
  StopSignal?: string;
  Volumes?: Record<string, Record<string, never>>;
  Healthcheck?: {
    Test: string[];
    Interval?: number;
    Timeout?: number;
    StartPeriod?: number;
    Retries?: number;
  };
}

/** The configuration of an image. It has no creation time: the same tree and settings are the same image. */
export interface ImageDocument {
  architecture: string;
  os: string;
  config: RuntimeConfig;
  rootfs: { type: 'layers'; diff_ids: string[] };
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

export interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  config: Descriptor;
  layers: Descriptor[];
}

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';

/**
 * A layer here is not a tar archive but the listing of a tree, whose files lie in the sandbox's layer folder
 * of the same digest. The media type says so, so that nobody takes one for the other.
 */
export const TREE_LAYER_TYPE = 'application/vnd.landfall.sandbox.tree.v1';

export function writeManifest(config: RuntimeConfig, layer: Layer) {
  const document: ImageDocument = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  };
  const configText = JSON.stringify(document);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      digest: sha256(configText),
      size: Buffer.byteLength(configText),
    },
    layers: [{ mediaType: TREE_LAYER_TYPE, digest: layer.digest, size: layer.sizeInBytes }],
  };
  const manifestText = JSON.stringify(manifest, null, 3);
  return { configText, configDigest: manifest.config.digest, manifestText, digest: sha256(manifestText) };
}
