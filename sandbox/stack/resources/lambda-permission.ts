import type { ResourceType } from './resource-type.ts';

const HANDED_ON = ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'];

export const lambdaPermission: ResourceType = {
  properties: HANDED_ON,
  async create({ properties, services, generatedName }) {
    const StatementId = generatedName(100);
    const { FunctionName } = properties;
    await services.call('lambda', 'AddPermission', { ...properties, StatementId });
    return {
      physicalId: StatementId,
      attributes: { Id: StatementId },
      remove: () => services.call('lambda', 'RemovePermission', { FunctionName, StatementId }),
    };
  },
};
