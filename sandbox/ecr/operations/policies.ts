import type {
  GetLifecyclePolicyRequest,
  GetLifecyclePolicyResponse,
  GetRepositoryPolicyRequest,
  GetRepositoryPolicyResponse,
  PutLifecyclePolicyRequest,
  PutLifecyclePolicyResponse,
  SetRepositoryPolicyRequest,
  SetRepositoryPolicyResponse,
} from '@aws-sdk/client-ecr';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Registry, Repository } from '../registry.ts';

/** Policies are kept and given back; neither is acted upon here. */
export function putLifecyclePolicy(registry: Registry) {
  return (input: PutLifecyclePolicyRequest): PutLifecyclePolicyResponse => {
    const repository = registry.find(input.repositoryName);
    repository.policies.lifecycle = input.lifecyclePolicyText;
    return { ...identity(registry, repository), lifecyclePolicyText: input.lifecyclePolicyText };
  };
}

export function getLifecyclePolicy(registry: Registry) {
  return (input: GetLifecyclePolicyRequest): GetLifecyclePolicyResponse => {
    const repository = registry.find(input.repositoryName);
    const lifecyclePolicyText = repository.policies.lifecycle;
    if (lifecyclePolicyText === undefined)
      throw noPolicy('LifecyclePolicy', 'Lifecycle policy', repository, registry);
    return { ...identity(registry, repository), lifecyclePolicyText };
  };
}

export function setRepositoryPolicy(registry: Registry) {
  return (input: SetRepositoryPolicyRequest): SetRepositoryPolicyResponse => {
    const repository = registry.find(input.repositoryName);
    repository.policies.repository = input.policyText;
    return { ...identity(registry, repository), policyText: input.policyText };
  };
}

export function getRepositoryPolicy(registry: Registry) {
  return (input: GetRepositoryPolicyRequest): GetRepositoryPolicyResponse => {
    const repository = registry.find(input.repositoryName);
    const policyText = repository.policies.repository;
    if (policyText === undefined)
      throw noPolicy('RepositoryPolicy', 'Repository policy', repository, registry);
    return { ...identity(registry, repository), policyText };
  };
}

const identity = (registry: Registry, { name }: Repository) => ({
  registryId: registry.context.accountId,
  repositoryName: name,
});

const noPolicy = (kind: string, words: string, { name }: Repository, { context }: Registry) =>
  new AwsError(
    `${kind}NotFoundException`,
    `${words} does not exist for the repository with name '${name}' in the registry with id '${context.accountId}'`,
  );
