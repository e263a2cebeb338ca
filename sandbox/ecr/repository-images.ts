import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Manifest } from './manifest.ts';
import type { Repository, StoredImage } from './registry.ts';
import { sha256 } from './tree.ts';

/** The image a digest or tag names; where both are given they have to agree, as in ECR. */
export function findImage(repository: Repository, id: ImageIdentifier): StoredImage | undefined {
  const digest = id.imageTag === undefined ? id.imageDigest : repository.tags.get(id.imageTag);
  if (digest === undefined || (id.imageDigest !== undefined && id.imageDigest !== digest)) return undefined;
  return repository.images.get(digest);
}

export function tagsOf(repository: Repository, digest: string): string[] {
  return [...repository.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
}

export function imageNotFound(repository: Repository, id: ImageIdentifier, accountId: string): AwsError {
  const quoted = (value: string | undefined) => `'${value ?? 'null'}'`;
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:${quoted(id.imageDigest)}, imageTag:${quoted(id.imageTag)}} does not exist within the repository with name '${repository.name}' in the registry with id '${accountId}'`,
  );
}

/** Keeps an image under the digest of its manifest. */
export function recordImage(
  context: SandboxContext,
  repository: Repository,
  manifestText: string,
): StoredImage {
  const manifest = JSON.parse(manifestText) as Manifest;
  const image = {
    digest: sha256(manifestText),
    manifest: manifestText,
    mediaType: manifest.mediaType,
    pushedAt: new Date(context.clock.now()),
    sizeInBytes: manifest.layers.reduce((sum, layer) => sum + layer.size, manifest.config.size),
  };
  repository.images.set(image.digest, image);
  return image;
}
