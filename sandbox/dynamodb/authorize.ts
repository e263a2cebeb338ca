import { arn } from '#sandbox/core/arn.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { tableNameOf } from './tables.ts';

/** Permissions on the table, or on its index where a query names one (Service Authorization Reference: DynamoDB). */
export function authorizeDynamodb(
  context: Pick<SandboxContext, 'accountId' | 'region'>,
): ServiceDefinition['authorize'] {
  const tableArn = (name: string) => arn(context, 'dynamodb', `table/${tableNameOf(name)}`);
  return (operation, input) => {
    const { TableName, IndexName, ResourceArn, RequestItems } = input;
    const resources =
      typeof TableName === 'string'
        ? [tableArn(TableName) + (typeof IndexName === 'string' ? `/index/${IndexName}` : '')]
        : typeof ResourceArn === 'string'
          ? [ResourceArn]
          : typeof RequestItems === 'object' && RequestItems !== null
            ? Object.keys(RequestItems).map(tableArn)
            : ['*'];
    return [{ action: `dynamodb:${operation}`, resources }];
  };
}
