import type { DeleteRepositoryRequest, DeleteRepositoryResponse } from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import { describeRepository } from '../describe-repository.ts';
import type { Registry } from '../registry.ts';

export function deleteRepository(registry: Registry) {
  return (input: DeleteRepositoryRequest): DeleteRepositoryResponse => {
    const repository = registry.find(input.repositoryName);
    if (repository.images.size > 0 && !input.force) {
      throw new AwsError(
        'RepositoryNotEmptyException',
        `The repository with name '${repository.name}' in registry with id '${registry.context.accountId}' cannot be deleted because it still contains images`,
      );
    }
    registry.repositories.delete(repository.name);
    return { repository: describeRepository(registry, repository) };
  };
}
