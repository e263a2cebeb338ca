import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The table of Landfall as far as its keys go: a request for CreateTable. */
export const keyedTable = {
  TableName: 'landfall',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
} satisfies CreateTableCommandInput;
