import { localImages } from '../local-images.ts';
import type { Command } from './command.ts';

/** docker images */
export const images: Command = async (_args, { directory, out }) => {
  const row = (columns: string[]) =>
    `${columns
      .map((column) => column.padEnd(24))
      .join('  ')
      .trimEnd()}\n`;
  out(row(['REPOSITORY:TAG', 'IMAGE ID', 'SIZE']));
  for (const image of localImages(directory).all()) {
    const size = image.manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
    for (const name of image.repoTags)
      out(row([name, image.id.slice(7, 19), `${(size / 1e6).toFixed(1)}MB`]));
  }
};
