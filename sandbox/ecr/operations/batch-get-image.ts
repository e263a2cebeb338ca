import type { BatchGetImageRequest, BatchGetImageResponse, Image, ImageFailure } from '@aws-sdk/client-ecr';
import type { Registry } from '../registry.ts';
import { findImage } from '../repository-images.ts';

export function batchGetImage(registry: Registry) {
  return (input: BatchGetImageRequest): BatchGetImageResponse => {
    const repository = registry.find(input.repositoryName);
    const images: Image[] = [];
    const failures: ImageFailure[] = [];
    for (const imageId of input.imageIds ?? []) {
      const image = findImage(repository, imageId);
      if (!image) {
        failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
        continue;
      }
      images.push({
        registryId: registry.context.accountId,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest, imageTag: imageId.imageTag },
        imageManifest: image.manifest,
        imageManifestMediaType: image.mediaType,
      });
    }
    return { images, failures };
  };
}
