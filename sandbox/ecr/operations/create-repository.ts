import type { CreateRepositoryRequest, CreateRepositoryResponse } from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import { describeRepository } from '../describe-repository.ts';
import type { Registry } from '../registry.ts';

const NAME = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export function createRepository(registry: Registry) {
  return (input: CreateRepositoryRequest): CreateRepositoryResponse => {
    const name = input.repositoryName ?? '';
    if (!NAME.test(name)) {
      throw new AwsError(
        'InvalidParameterException',
        `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`,
      );
    }
    if (registry.repositories.has(name)) {
      throw new AwsError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${registry.context.accountId}'`,
      );
    }
    const repository = registry.create(name, input.imageTagMutability);
    repository.resourceTags = input.tags ?? [];
    repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
    return { repository: describeRepository(registry, repository) };
  };
}
