import { sleep } from '#sandbox/core/clock.ts';
import type { Properties, ResourceRequest, ResourceType } from './resource-type.ts';
import { omit } from './shape.ts';

const AFTERWARDS = [
  'TimeToLiveSpecification',
  'PointInTimeRecoverySpecification',
  'StreamSpecification',
  'SSESpecification',
];

/** AWS::DynamoDB::Table, created and waited for. */
export const dynamodbTable: ResourceType = {
  properties: [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'BillingMode',
    'ProvisionedThroughput',
    'GlobalSecondaryIndexes',
    'LocalSecondaryIndexes',
    'StreamSpecification',
    'TimeToLiveSpecification',
  ],
  recorded: [
    'PointInTimeRecoverySpecification',
    'SSESpecification',
    'DeletionProtectionEnabled',
    'Tags',
    'TableClass',
  ],
  async create(request) {
    const { properties, services, generatedName } = request;
    const TableName = String(properties.TableName ?? generatedName(255));
    const stream = properties.StreamSpecification as Properties | undefined;
    await services.call('dynamodb', 'CreateTable', {
      ...omit(properties, [...AFTERWARDS, ...(dynamodbTable.recorded ?? [])]),
      TableName,
      ...(stream === undefined ? {} : { StreamSpecification: { StreamEnabled: true, ...stream } }),
    });
    const table = await untilActive(request, TableName);
    if (properties.TimeToLiveSpecification !== undefined) {
      const { TimeToLiveSpecification } = properties;
      await services.call('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
    }
    return {
      physicalId: TableName,
      attributes: { Arn: table.TableArn, StreamArn: table.LatestStreamArn },
      remove: () => services.call('dynamodb', 'DeleteTable', { TableName }),
    };
  },
};

async function untilActive({ services, context }: ResourceRequest, TableName: string) {
  for (;;) {
    const { Table } = await services.call('dynamodb', 'DescribeTable', { TableName });
    if (Table.TableStatus === 'ACTIVE') return Table;
    await sleep(context.clock, 10);
  }
}
