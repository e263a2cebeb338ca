import { parseReference } from '#sandbox/ecr/references.ts';
import { readArguments } from '../arguments.ts';
import { DockerError } from '../errors.ts';
import { localImages } from '../local-images.ts';
import { asDockerError, registryClient } from '../registry-client.ts';
import type { Command } from './command.ts';

/** docker pull REGISTRY/REPOSITORY:TAG; the files of a layer are on this machine already, so only names move. */
export const pull: Command = async (args, { directory, environment, out }) => {
  const { positionals } = readArguments('pull', args, { quiet: { type: 'boolean', short: 'q' } });
  const [name, ...rest] = positionals;
  const reference = parseReference(name ?? '');
  if (!name || !reference || rest.length > 0)
    throw new DockerError('"docker pull" requires exactly 1 argument.');
  const { registry, repository, digest } = reference;
  let manifest: string | undefined;
  try {
    manifest = await registryClient(reference, directory, environment).manifest();
  } catch (error) {
    throw asDockerError(error);
  }
  if (manifest === undefined) {
    throw new DockerError(
      `Error response from daemon: manifest for ${name} not found: manifest unknown: Requested image not found`,
    );
  }
  const images = localImages(directory);
  const kept = images.keep(manifest);
  if (!digest) images.tag(kept, name);
  images.setPushed(kept, `${registry}/${repository}`);
  out(`Digest: ${kept}\nStatus: Downloaded newer image for ${name}\n${name}\n`);
};
