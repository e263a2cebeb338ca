import { readArguments } from '../arguments.ts';
import { DockerError } from '../errors.ts';
import { renderTemplate } from '../go-template.ts';
import { type LocalImage, localImages } from '../local-images.ts';
import type { Command } from './command.ts';

/** docker inspect [--format TEMPLATE] IMAGE…, and docker image inspect */
export const inspect: Command = async (args, { directory, out }) => {
  const { values, positionals } = readArguments('inspect', args, {
    format: { type: 'string', short: 'f' },
    type: { type: 'string' },
  });
  if (positionals.length === 0) throw new DockerError('"docker inspect" requires at least 1 argument.');
  const found = positionals.map((name) => describe(localImages(directory).get(name)));
  const { format } = values;
  if (format === undefined) out(`${JSON.stringify(found, null, 4)}\n`);
  else for (const image of found) out(`${renderTemplate(format, image)}\n`);
};

function describe(image: LocalImage) {
  return {
    Id: image.id,
    RepoTags: image.repoTags,
    RepoDigests: image.repoDigests,
    Architecture: image.document.architecture,
    Os: image.document.os,
    Size: image.manifest.layers.reduce((sum, layer) => sum + layer.size, 0),
    Config: image.document.config,
    RootFS: { Type: 'layers', Layers: image.document.rootfs.diff_ids },
  };
}
