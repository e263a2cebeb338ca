import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { client } from '#lib/aws/sdk/clients.ts';
import { environment } from '#lib/aws/sdk/environment.ts';

/**
 * The single table. Keys: `SERVICE#name` / `STATE` (claim, waiter, freeze, last known good), `SERVICE#name` /
 * `DEPLOYMENT#name` (history), `SERVICE#name` / `REQUEST#key` (what an Idempotency-Key was answered), `WAIT#what` / `TOKEN` (a task token and what it waits for).
 */
export interface Table {
  name: string;
  documents: DynamoDBDocumentClient;
}

export function table(): Table {
  return {
    get name() {
      return environment('TABLE_NAME');
    },
    documents: DynamoDBDocumentClient.from(client(DynamoDBClient), {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}
