import { readBlob } from '#sandbox/ecr/blobs.ts';
import { parseReference } from '#sandbox/ecr/references.ts';
import { readArguments } from '../arguments.ts';
import { DockerError } from '../errors.ts';
import { localImages } from '../local-images.ts';
import { asDockerError, registryClient } from '../registry-client.ts';
import type { Command } from './command.ts';

/** docker push REGISTRY/REPOSITORY:TAG */
export const push: Command = async (args, { directory, environment, out }) => {
  const { values, positionals } = readArguments('push', args, { quiet: { type: 'boolean', short: 'q' } });
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0)
    throw new DockerError('"docker push" requires exactly 1 argument.');
  const reference = parseReference(name);
  if (!reference) throw new DockerError('invalid reference format', 125);
  const { registry, repository, tag = 'latest' } = reference;
  const images = localImages(directory);
  const image = images.find(name);
  if (!image)
    throw new DockerError(`An image does not exist locally with the tag: ${registry}/${repository}`);
  const say = values.quiet ? () => {} : out;
  say(`The push refers to repository [${registry}/${repository}]\n`);
  try {
    const client = registryClient(reference, directory, environment);
    for (const { digest } of [...image.manifest.layers, image.manifest.config]) {
      const outcome = await client.upload(readBlob(directory, digest) ?? '', digest);
      say(`${digest.slice(7, 19)}: ${outcome === 'uploaded' ? 'Pushed' : 'Layer already exists'}\n`);
    }
    await client.putImage(image.manifestText, tag).catch((error) => {
      // The registry has this very image under this tag already: that is what was asked for.
      if (error.name !== 'ImageAlreadyExistsException') throw error;
    });
  } catch (error) {
    throw asDockerError(error);
  }
  images.setPushed(image.digest, `${registry}/${repository}`);
  say(`${tag}: digest: ${image.digest} size: ${image.manifestText.length}\n`);
  if (values.quiet) out(`${name}\n`);
};
