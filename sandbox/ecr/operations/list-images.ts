import type { ListImagesRequest, ListImagesResponse } from '@aws-sdk/client-ecr';
import { page } from '../paging.ts';
import type { Registry } from '../registry.ts';
import { tagsOf } from '../repository-images.ts';

/** One entry for each tag, and one without a tag for each image that has none. */
export function listImages(registry: Registry) {
  return (input: ListImagesRequest): ListImagesResponse => {
    const repository = registry.find(input.repositoryName);
    const all = [...repository.images.keys()].flatMap((imageDigest) => {
      const tags = tagsOf(repository, imageDigest);
      return tags.length > 0 ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }];
    });
    const wanted = all.filter(
      (id) =>
        input.filter?.tagStatus === undefined || (input.filter.tagStatus === 'TAGGED') === 'imageTag' in id,
    );
    const { items, nextToken } = page(wanted, input);
    return { imageIds: items, nextToken };
  };
}
