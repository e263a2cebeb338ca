import type { ResourceType } from './resource-type.ts';
import { integer } from './shape.ts';

export const lambdaEventInvokeConfig: ResourceType = {
  properties: [
    'FunctionName',
    'Qualifier',
    'MaximumRetryAttempts',
    'MaximumEventAgeInSeconds',
    'DestinationConfig',
  ],
  async create({ properties, services, generatedName }) {
    await services.call('lambda', 'PutFunctionEventInvokeConfig', {
      ...properties,
      MaximumRetryAttempts: integer(properties.MaximumRetryAttempts),
      MaximumEventAgeInSeconds: integer(properties.MaximumEventAgeInSeconds),
    });
    return { physicalId: generatedName(64) };
  },
};
