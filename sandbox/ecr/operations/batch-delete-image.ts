import type {
  BatchDeleteImageRequest,
  BatchDeleteImageResponse,
  ImageFailure,
  ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Registry, Repository } from '../registry.ts';
import { findImage, tagsOf } from '../repository-images.ts';

/** A tag alone is taken off its image, which goes with its last tag; a digest deletes the image and all tags. */
export function batchDeleteImage(registry: Registry) {
  return (input: BatchDeleteImageRequest): BatchDeleteImageResponse => {
    const repository = registry.find(input.repositoryName);
    const imageIds: ImageIdentifier[] = [];
    const failures: ImageFailure[] = [];
    for (const imageId of input.imageIds ?? []) {
      const image = findImage(repository, imageId);
      if (image) {
        imageIds.push(
          ...remove(repository, image.digest, imageId.imageDigest ? undefined : imageId.imageTag),
        );
      } else {
        failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
      }
    }
    return { imageIds, failures };
  };
}

function remove(repository: Repository, imageDigest: string, onlyTag?: string): ImageIdentifier[] {
  const tags = onlyTag === undefined ? tagsOf(repository, imageDigest) : [onlyTag];
  for (const tag of tags) repository.tags.delete(tag);
  if (tagsOf(repository, imageDigest).length === 0) repository.images.delete(imageDigest);
  return tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
}
