import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '#sandbox/core/clock.ts';
import { createDynamodb } from '#sandbox/dynamodb/dynamodb.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { keyedTable } from '#test/sandbox/support/keyed-table.ts';
import { createRole } from '#test/sandbox/support/roles.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const start = Date.now();
let now = start;
const clock: Clock = {
  now: () => now,
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as NodeJS.Timeout),
};
const { context, remove } = testContext(clock);
const iam = createIam(context);
const dynamodb = createDynamodb(context);
const door = createFrontDoor(context, { iam, definitions: [iam.definition, dynamodb.definition] });
const config = { region: context.region, maxAttempts: 1, requestHandler: inProcessHandler(door) };
const client = new DynamoDBClient({
  ...config,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

const tableArn = `arn:aws:dynamodb:${context.region}:${context.accountId}:table/landfall`;

beforeAll(async () => {
  await client.send(
    new CreateTableCommand({
      ...keyedTable,
      SSESpecification: { Enabled: true },
      Tags: [{ Key: 'application', Value: 'landfall' }],
    }),
  );
});

afterAll(async () => {
  await dynamodb.close();
  remove();
});

const key = (pk: string, sk = '1') => ({ pk: { S: pk }, sk: { S: sk } });

describe('DynamoDB in the sandbox', () => {
  it('has a table that is active as soon as it is created, with ARN, tags and encryption', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'landfall' }));
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: tableArn }));

    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: tableArn,
      CreationDateTime: new Date(start),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      SSEDescription: { Status: 'ENABLED' },
      DeletionProtectionEnabled: false,
    });
    expect(Tags).toEqual([{ Key: 'application', Value: 'landfall' }]);
  });

  it('keeps items of every type, bytes included, and finds the table by its ARN too', async () => {
    const Item = {
      ...key('types'),
      bytes: { B: new Uint8Array([0, 255]) },
      list: { L: [{ N: '1' }, { NULL: true }] },
    };

    await client.send(new PutItemCommand({ TableName: tableArn, Item }));
    const found = await client.send(new GetItemCommand({ TableName: 'landfall', Key: key('types') }));

    expect(found.Item).toEqual(Item);
  });

  it('answers a failed condition with the item as it was', async () => {
    await client.send(
      new PutItemCommand({ TableName: 'landfall', Item: { ...key('claim'), owner: { S: 'a' } } }),
    );

    const write = client.send(
      new UpdateItemCommand({
        TableName: 'landfall',
        Key: key('claim'),
        UpdateExpression: 'SET #owner = :b',
        ConditionExpression: 'attribute_not_exists(#owner)',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':b': { S: 'b' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );

    await expect(write).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { ...key('claim'), owner: { S: 'a' } },
    });
  });

  it('lets exactly one of many concurrent conditional puts through', async () => {
    const put = () =>
      client.send(
        new PutItemCommand({
          TableName: 'landfall',
          Item: key('race'),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );

    const results = await Promise.allSettled(Array.from({ length: 20 }, put));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('queries a range of keys in order', async () => {
    for (const sk of ['b', 'a', 'c']) {
      await client.send(new PutItemCommand({ TableName: 'landfall', Item: key('range', sk) }));
    }

    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'landfall',
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': { S: 'range' }, ':from': { S: 'b' } },
        ScanIndexForward: false,
      }),
    );

    expect(Items?.map(({ sk }) => sk?.S)).toEqual(['c', 'b']);
  });

  it('deletes expired items when swept, and only those', async () => {
    const specification = { Enabled: true, AttributeName: 'expiresAt' };
    await client.send(
      new UpdateTimeToLiveCommand({ TableName: 'landfall', TimeToLiveSpecification: specification }),
    );
    const documents = DynamoDBDocumentClient.from(client);
    const seconds = Math.floor(now / 1000);
    for (const [sk, expiresAt] of [
      ['old', seconds + 10],
      ['new', seconds + 100],
    ] as const) {
      await documents.send(new PutCommand({ TableName: 'landfall', Item: { pk: 'ttl', sk, expiresAt } }));
    }

    now += 50_000;
    const deleted = await dynamodb.deleteExpiredItems();
    now = start;

    const described = await client.send(new DescribeTimeToLiveCommand({ TableName: 'landfall' }));
    expect(described.TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    });
    expect(deleted).toBe(1);
    const kept = await client.send(new GetItemCommand({ TableName: 'landfall', Key: key('ttl', 'new') }));
    expect(kept.Item).toBeDefined();
  });

  it('remembers whether point-in-time recovery is on', async () => {
    const before = await client.send(new DescribeContinuousBackupsCommand({ TableName: 'landfall' }));
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: 'landfall',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const after = await client.send(new DescribeContinuousBackupsCommand({ TableName: 'landfall' }));

    const statuses = [before, after].map(
      ({ ContinuousBackupsDescription: description }) =>
        description?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    );
    expect(statuses).toEqual(['DISABLED', 'ENABLED']);
  });

  it('says so where it has no transactions, no such table and no such attribute type', async () => {
    await expect(client.send(new TransactWriteItemsCommand({ TransactItems: [] }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(
      client.send(new GetItemCommand({ TableName: 'other', Key: key('a') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'Requested resource not found' });
    await expect(
      client.send(new PutItemCommand({ TableName: 'landfall', Item: { ...key('a'), n: { N: 'one' } } })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('asks IAM for the permission on the table', async () => {
    const role = await createRole(iam, 'reader', [{ Action: 'dynamodb:GetItem', Resource: tableArn }]);
    const reader = new DynamoDBClient({ ...config, credentials: iam.issueCredentials(role, 'test') });

    await reader.send(new GetItemCommand({ TableName: 'landfall', Key: key('claim') }));
    const write = reader.send(new PutItemCommand({ TableName: 'landfall', Item: key('claim') }));

    await expect(write).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:sts::${context.accountId}:assumed-role/reader/test is not authorized to perform: dynamodb:PutItem on resource: ${tableArn} because no identity-based policy allows the dynamodb:PutItem action`,
    });
  });

  it('deletes a table only when it is not protected', async () => {
    const table = {
      TableName: 'protected',
      BillingMode: 'PAY_PER_REQUEST' as const,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    };
    await client.send(new CreateTableCommand({ ...table, DeletionProtectionEnabled: true }));
    await client.send(new CreateTableCommand({ ...table, TableName: 'plain' }));

    await expect(client.send(new DeleteTableCommand({ TableName: 'protected' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(client.send(new DeleteTableCommand({ TableName: 'plain' }))).resolves.toBeDefined();
  });
});
