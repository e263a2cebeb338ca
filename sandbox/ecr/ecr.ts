import * as sdk from '@aws-sdk/client-ecr';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import type { Images } from './images.ts';
import { batchDeleteImage } from './operations/batch-delete-image.ts';
import { batchGetImage } from './operations/batch-get-image.ts';
import { createRepository } from './operations/create-repository.ts';
import { deleteRepository } from './operations/delete-repository.ts';
import { describeImages } from './operations/describe-images.ts';
import { describeRepositories } from './operations/describe-repositories.ts';
import { getAuthorizationToken } from './operations/get-authorization-token.ts';
import {
  batchCheckLayerAvailability,
  completeLayerUpload,
  initiateLayerUpload,
  uploadLayerPart,
} from './operations/layer-upload.ts';
import { listImages } from './operations/list-images.ts';
import {
  getLifecyclePolicy,
  getRepositoryPolicy,
  putLifecyclePolicy,
  setRepositoryPolicy,
} from './operations/policies.ts';
import { putImage } from './operations/put-image.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tag-resource.ts';

/** Elastic Container Registry over the images of this sandbox. */
export function createEcr(
  context: SandboxContext,
  { images }: { images: Images },
): { definition: ServiceDefinition } {
  const { registry } = images;
  return {
    definition: {
      signingName: 'ecr',
      sdk,
      operations: {
        CreateRepository: createRepository(registry),
        DescribeRepositories: describeRepositories(registry),
        DeleteRepository: deleteRepository(registry),
        DescribeImages: describeImages(registry),
        ListImages: listImages(registry),
        BatchGetImage: batchGetImage(registry),
        BatchDeleteImage: batchDeleteImage(registry),
        PutImage: putImage(registry),
        BatchCheckLayerAvailability: batchCheckLayerAvailability(registry),
        InitiateLayerUpload: initiateLayerUpload(registry),
        UploadLayerPart: uploadLayerPart(registry),
        CompleteLayerUpload: completeLayerUpload(registry),
        GetAuthorizationToken: getAuthorizationToken(registry),
        PutLifecyclePolicy: putLifecyclePolicy(registry),
        GetLifecyclePolicy: getLifecyclePolicy(registry),
        SetRepositoryPolicy: setRepositoryPolicy(registry),
        GetRepositoryPolicy: getRepositoryPolicy(registry),
        TagResource: tagResource(registry),
        UntagResource: untagResource(registry),
        ListTagsForResource: listTagsForResource(registry),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },
  };
}

/** Service Authorization Reference, "Amazon Elastic Container Registry": all but the token are about a repository. */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `ecr:${operation}`;
  if (operation === 'GetAuthorizationToken') return [{ action, resources: ['*'] }];
  if (typeof input.resourceArn === 'string') return [{ action, resources: [input.resourceArn] }];
  const names = (input.repositoryNames ?? [input.repositoryName ?? '*']) as string[];
  return [{ action, resources: names.map((name) => arn(context, 'ecr', `repository/${name}`)) }];
}
