import type { DescribeImagesRequest, DescribeImagesResponse, ImageDetail } from '@aws-sdk/client-ecr';
import { page } from '../paging.ts';
import type { Registry, Repository, StoredImage } from '../registry.ts';
import { findImage, imageNotFound, tagsOf } from '../repository-images.ts';

export function describeImages(registry: Registry) {
  return (input: DescribeImagesRequest): DescribeImagesResponse => {
    const { accountId } = registry.context;
    const repository = registry.find(input.repositoryName);
    const images = input.imageIds?.map((id) => {
      const image = findImage(repository, id);
      if (!image) throw imageNotFound(repository, id, accountId);
      return image;
    }) ?? [...repository.images.values()];
    const wanted = images.filter((image) => {
      const tagged = tagsOf(repository, image.digest).length > 0;
      return input.filter?.tagStatus === undefined || (input.filter.tagStatus === 'UNTAGGED') !== tagged;
    });
    const { items, nextToken } = page(wanted, input);
    return { imageDetails: items.map((image) => detail(accountId, repository, image)), nextToken };
  };
}

function detail(registryId: string, repository: Repository, image: StoredImage): ImageDetail {
  const imageTags = tagsOf(repository, image.digest);
  return {
    registryId,
    repositoryName: repository.name,
    imageDigest: image.digest,
    imageTags: imageTags.length > 0 ? imageTags : undefined,
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: image.pushedAt,
    imageManifestMediaType: image.mediaType,
    artifactMediaType: 'application/vnd.docker.container.image.v1+json',
  };
}
