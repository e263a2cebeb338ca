import { arn } from '#sandbox/core/arn.ts';
import type { ResourceType } from './resource-type.ts';

/** A resource that is recorded, not evaluated: known by its name, listed in the stack, without any effect here. */
function recorded(nameProperty: string, arnService?: string, arnPrefix = ''): ResourceType {
  return {
    properties: '*',
    recorded: ['*'],
    async create({ properties, generatedName, context }) {
      const name = String(properties[nameProperty] ?? generatedName(128));
      const attributes =
        arnService === undefined ? {} : { Arn: arn(context, arnService, `${arnPrefix}${name}`) };
      return { physicalId: name, attributes };
    },
  };
}

export const alarm = recorded('AlarmName', 'cloudwatch', 'alarm:');
export const dashboard = recorded('DashboardName');
export const metricFilter = recorded('FilterName');
export const queryDefinition = recorded('Name');
