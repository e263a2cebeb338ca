import type { DescribeRepositoriesRequest, DescribeRepositoriesResponse } from '@aws-sdk/client-ecr';
import { describeRepository } from '../describe-repository.ts';
import { page } from '../paging.ts';
import type { Registry } from '../registry.ts';

export function describeRepositories(registry: Registry) {
  return (input: DescribeRepositoriesRequest): DescribeRepositoriesResponse => {
    const repositories = input.repositoryNames?.map((name) => registry.find(name)) ?? [
      ...registry.repositories.values(),
    ];
    const { items, nextToken } = page(repositories, input);
    return { repositories: items.map((repository) => describeRepository(registry, repository)), nextToken };
  };
}
