import type { ResourceType } from './resource-type.ts';

export const lambdaVersion: ResourceType = {
  properties: ['FunctionName', 'Description'],
  // The loader has just handed in the code whose hash this is.
  recorded: ['CodeSha256'],
  async create({ properties, services }) {
    const { FunctionName } = properties;
    const { FunctionArn, Version } = await services.call('lambda', 'PublishVersion', { FunctionName });
    return {
      physicalId: FunctionArn,
      attributes: { FunctionArn, Version },
      remove: () => services.call('lambda', 'DeleteFunction', { FunctionName, Qualifier: Version }),
    };
  },
};
