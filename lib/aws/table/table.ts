import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOf } from '#lib/aws/sdk/clients.ts';
import { requireEnvironment } from '#lib/aws/sdk/environment.ts';

/**
 * The single table. Keys: `SERVICE#name` / `STATE` (claim, waiter, freeze, last known good), `SERVICE#name` /
 * `DEPLOYMENT#name` (history), `SERVICE#name` / `REQUEST#key` (what an Idempotency-Key was answered), `WAIT#what` / `TOKEN` (a task token and what it waits for).
 */
export interface Table {
  name: string;
  documents: DynamoDBDocumentClient;
}

export function installedTable(): Table {
  return {
    get name() {
      return requireEnvironment('TABLE_NAME');
    },
    documents: DynamoDBDocumentClient.from(clientOf(DynamoDBClient), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}
