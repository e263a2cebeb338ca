import { DockerError } from '../errors.ts';
import { localImages } from '../local-images.ts';
import type { Command } from './command.ts';

/** docker tag SOURCE TARGET */
export const tag: Command = async ([source, target, ...rest], { directory }) => {
  if (source === undefined || target === undefined || rest.length > 0) {
    throw new DockerError('"docker tag" requires exactly 2 arguments.');
  }
  const images = localImages(directory);
  images.tag(images.get(source).digest, target);
};
