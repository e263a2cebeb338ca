import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeploymentRecord } from '#lib/deployment/record.ts';
import { conditionally } from './conditionally.ts';
import type { Table } from './table.ts';

/** A deployment's record as an item of the table. */

export const keyOf = (service: string, deployment: string) => ({
  pk: `SERVICE#${service}`,
  sk: `DEPLOYMENT#${deployment}`,
});

export async function readRecord(
  table: Table,
  service: string,
  deployment: string,
): Promise<DeploymentRecord | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: keyOf(service, deployment), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : DeploymentRecord.parse(Item);
}

/** Changes a record. False where the condition does not hold. */
export async function updateRecord(
  table: Table,
  service: string,
  deployment: string,
  expressions: Pick<
    UpdateCommandInput,
    'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >,
): Promise<boolean> {
  return conditionally(
    table.documents.send(
      new UpdateCommand({ TableName: table.name, Key: keyOf(service, deployment), ...expressions }),
    ),
  );
}
