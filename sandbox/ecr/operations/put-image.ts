import type { PutImageRequest, PutImageResponse } from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Manifest } from '../manifest.ts';
import type { Registry, Repository } from '../registry.ts';
import { recordImage } from '../repository-images.ts';
import { sha256 } from '../tree.ts';

export function putImage(registry: Registry) {
  return (input: PutImageRequest): PutImageResponse => {
    const { accountId } = registry.context;
    const repository = registry.find(input.repositoryName);
    const manifestText = input.imageManifest ?? '';
    const digest = sha256(manifestText);
    if (input.imageDigest !== undefined && input.imageDigest !== digest) {
      throw new AwsError(
        'ImageDigestDoesNotMatchException',
        `The provided digest '${input.imageDigest}' does not match the digest '${digest}' of the manifest`,
      );
    }
    checkBlobs(repository, parse(manifestText), accountId);
    checkTag(repository, digest, input.imageTag, accountId);
    recordImage(registry.context, repository, manifestText);
    if (input.imageTag !== undefined) repository.tags.set(input.imageTag, digest);
    return {
      image: {
        registryId: accountId,
        repositoryName: repository.name,
        imageId: { imageDigest: digest, imageTag: input.imageTag },
        imageManifest: manifestText,
      },
    };
  };
}

function parse(text: string): Manifest {
  try {
    const manifest = JSON.parse(text);
    if (manifest?.schemaVersion === 2 && manifest.config?.digest && Array.isArray(manifest.layers))
      return manifest;
  } catch {}
  throw new AwsError(
    'InvalidParameterException',
    "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
  );
}

function checkBlobs(repository: Repository, manifest: Manifest, accountId: string): void {
  const missing = [manifest.config, ...manifest.layers].filter(({ digest }) => !repository.blobs.has(digest));
  if (missing.length === 0) return;
  throw new AwsError(
    'LayersNotFoundException',
    `The layers with digests '[${missing.map(({ digest }) => digest).join(', ')}]' do not exist in the repository with name '${repository.name}' in registry with id '${accountId}'`,
  );
}

function checkTag(repository: Repository, digest: string, tag: string | undefined, accountId: string): void {
  const current = tag === undefined ? undefined : repository.tags.get(tag);
  if (current !== undefined && current !== digest && repository.tagMutability === 'IMMUTABLE') {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
  const unchanged = tag === undefined ? repository.images.has(digest) : current === digest;
  if (unchanged) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the repository with name '${repository.name}' in registry with id '${accountId}'`,
    );
  }
}
