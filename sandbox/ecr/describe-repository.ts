import type { Repository as Description } from '@aws-sdk/client-ecr';
import type { Registry, Repository } from './registry.ts';

export function describeRepository(registry: Registry, repository: Repository): Description {
  return {
    repositoryArn: repository.arn,
    registryId: registry.context.accountId,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: repository.createdAt,
    imageTagMutability: repository.tagMutability,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: { encryptionType: 'AES256' },
  };
}
