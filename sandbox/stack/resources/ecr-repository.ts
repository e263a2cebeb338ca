import type { Properties, ResourceType } from './resource-type.ts';
import { camelCase, json } from './shape.ts';

/** AWS::ECR::Repository. */
export const ecrRepository: ResourceType = {
  properties: ['RepositoryName', 'ImageTagMutability', 'LifecyclePolicy', 'RepositoryPolicyText'],
  recorded: ['ImageScanningConfiguration', 'EncryptionConfiguration', 'Tags', 'EmptyOnDelete'],
  async create({ properties, services, generatedName }) {
    const repositoryName = String(properties.RepositoryName ?? generatedName(256).toLowerCase());
    const { ImageTagMutability } = properties;
    const input = {
      repositoryName,
      ...(camelCase(ImageTagMutability === undefined ? {} : { ImageTagMutability }) as object),
    };
    const { repository } = await services.call('ecr', 'CreateRepository', input);
    const lifecycle = (properties.LifecyclePolicy as Properties | undefined)?.LifecyclePolicyText;
    if (lifecycle !== undefined) {
      await services.call('ecr', 'PutLifecyclePolicy', {
        repositoryName,
        lifecyclePolicyText: json(lifecycle),
      });
    }
    if (properties.RepositoryPolicyText !== undefined) {
      const policyText = json(properties.RepositoryPolicyText);
      await services.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText });
    }
    return {
      physicalId: repositoryName,
      attributes: { Arn: repository.repositoryArn, RepositoryUri: repository.repositoryUri },
      remove: () => services.call('ecr', 'DeleteRepository', { repositoryName, force: true }),
    };
  },
};
