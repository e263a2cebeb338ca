/** What an image says about how its containers start, as in the image configuration that a Dockerfile makes. */
export interface ImageConfig {
  environment: Record<string, string>;
  workingDirectory: string;
  entrypoint: string[];
  command: string[];
  exposedPorts: number[];
  stopSignal: string;
}

/** A pulled image. `rootfs` is the absolute folder that holds its file tree, `digest` is `sha256:…`. */
export interface Image {
  digest: string;
  rootfs: string;
  config: ImageConfig;
  sizeInBytes: number;
}
