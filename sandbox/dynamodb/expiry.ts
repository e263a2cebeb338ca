import type { ScanOutput } from '@aws-sdk/client-dynamodb';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { Dynamodb } from './needs.ts';

/** "Items with a timestamp older than five years are not deleted" (DynamoDB Developer Guide, Time to Live). */
const oldest = 5 * 365 * 24 * 3600;

/** Deletes the items that have expired now, in every table with time to live; returns how many. */
export async function deleteExpired(
  { context, settings, engine }: Dynamodb,
  deleteItem: Operation,
): Promise<number> {
  const now = Math.floor(context.clock.now() / 1000);
  const caller = {
    accountId: context.accountId,
    arn: 'dynamodb.amazonaws.com',
    userId: 'dynamodb.amazonaws.com',
  };
  let deleted = 0;
  for (const [TableName, { ttlAttribute }] of settings) {
    if (ttlAttribute === undefined) continue;
    const expired = {
      ExpressionAttributeNames: { '#ttl': ttlAttribute },
      ExpressionAttributeValues: { ':now': { N: `${now}` }, ':oldest': { N: `${now - oldest}` } },
    };
    const condition = '#ttl BETWEEN :oldest AND :now';
    const { Items = [] } = await engine<ScanOutput>('Scan', {
      TableName,
      FilterExpression: condition,
      ...expired,
    });
    const keys = await keyNames(engine, TableName);
    for (const item of Items) {
      const Key = Object.fromEntries(keys.map((name) => [name, item[name]]));
      const input = { TableName, Key, ConditionExpression: condition, ...expired };
      try {
        await deleteItem(input, { caller, requestId: context.random.uuid() });
        deleted += 1;
      } catch (error) {
        // Its expiry was put off, or it was deleted, in between.
        if (!(error instanceof AwsError && error.code === 'ConditionalCheckFailedException')) throw error;
      }
    }
  }
  return deleted;
}

async function keyNames(engine: Dynamodb['engine'], TableName: string): Promise<string[]> {
  const { Table } = await engine<{ Table: { KeySchema: { AttributeName: string }[] } }>('DescribeTable', {
    TableName,
  });
  return Table.KeySchema.map(({ AttributeName }) => AttributeName);
}
