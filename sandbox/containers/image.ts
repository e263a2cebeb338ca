/** What an image says about how its containers start, as in the image configuration that a Dockerfile makes. */
export interface ImageConfig {
  environment: Record<string, string>;
  workingDirectory: string;
  entrypoint: string[];
  command: string[];
  exposedPorts: number[];
  stopSignal: string;
}

/** A pulled image. */
export interface Image {
  /** `sha256:…` of the manifest. */
  digest: string;
  /** The absolute folder that holds the file tree. Shared by everyone who pulled it: run in it, never write to it. */
  rootfs: string;
  config: ImageConfig;
  sizeInBytes: number;
}
