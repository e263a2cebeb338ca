import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { clientOf } from './sdk/clients.ts';
import { hasName } from './sdk/faults.ts';

export interface Images {
  /** The digest of a tag, or of a digest that has to exist. Fails with ImageNotFound. */
  digestOf(repository: string, image: { tag: string } | { digest: string }): Promise<string>;
}

export function createImages(ecr = clientOf(ECRClient)): Images {
  return {
    async digestOf(repositoryName, image) {
      const [shown, imageId] =
        'tag' in image
          ? [`:${image.tag}`, { imageTag: image.tag }]
          : [`@${image.digest}`, { imageDigest: image.digest }];
      try {
        const { imageDetails } = await ecr.send(
          new DescribeImagesCommand({ repositoryName, imageIds: [imageId] }),
        );
        const digest = imageDetails?.[0]?.imageDigest;
        if (digest !== undefined) return digest;
      } catch (error) {
        if (!hasName(error, 'ImageNotFoundException', 'RepositoryNotFoundException')) throw error;
      }
      throw new DeploymentError('ImageNotFound', `${repositoryName}${shown} does not exist in ECR`);
    },
  };
}
