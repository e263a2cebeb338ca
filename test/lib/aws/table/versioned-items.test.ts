import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { createVersionedItems } from '#lib/aws/table/versioned-items.ts';
import { createDynamodb } from '#sandbox/dynamodb/dynamodb.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import { createFrontDoor, type DisturbedCall } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { keyedTable } from '#test/sandbox/support/keyed-table.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const { context, remove } = testContext();
const iam = createIam(context);
const dynamodb = createDynamodb(context);
let disturb: ((call: DisturbedCall, perform: () => Promise<unknown>) => Promise<unknown>) | undefined;
const door = createFrontDoor(
  context,
  { iam, definitions: [iam.definition, dynamodb.definition] },
  { disturb: (call, perform) => (disturb === undefined ? perform() : disturb(call, perform)) },
);
const client = new DynamoDBClient({
  region: context.region,
  maxAttempts: 3,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  requestHandler: inProcessHandler(door),
});
const table = { name: 'landfall', documents: DynamoDBDocumentClient.from(client) };

const Counter = z.object({ name: z.string(), count: z.number() });

/** Counters: each writer adds one to what it read. */
const counters = (giveWay: (attempt: number) => Promise<void> = async () => {}) =>
  createVersionedItems(
    table,
    {
      schema: Counter,
      keyOf: (name: string) => ({ pk: name, sk: 'COUNT' }),
      missing: (name: string) => ({ name, count: 0 }),
      describe: (name: string) => `the counter ${name}`,
    },
    giveWay,
  );

const increment = (item: z.infer<typeof Counter>) => ({ item: { ...item, count: item.count + 1 } });

/** Loses the answer of the first write that this matches, after it was performed. */
function loseAnswer(after: () => Promise<unknown> = async () => {}) {
  let lost = 0;
  disturb = async (call, perform) => {
    const answer = await perform();
    if (call.operation !== 'PutItem' || lost > 0) return answer;
    lost += 1;
    await after();
    throw new ConnectionLost();
  };
}

beforeAll(() => client.send(new CreateTableCommand(keyedTable)));

afterEach(() => {
  disturb = undefined;
});

afterAll(async () => {
  await dynamodb.close();
  remove();
});

describe('a versioned item', () => {
  it('is what stands for it until it is written', async () => {
    expect(await counters().read('new')).toEqual({ name: 'new', count: 0 });
  });

  it('loses no change of writers who meet', async () => {
    const items = counters();

    await Promise.all(Array.from({ length: 5 }, () => items.change('met', increment)));

    expect(await items.read('met')).toEqual({ name: 'met', count: 5 });
  });

  it('is not written where nothing changes', async () => {
    const operations: string[] = [];
    disturb = (call, perform) => {
      operations.push(call.operation);
      return perform();
    };

    const outcome = await counters().change('same', (item) => ({ item, answer: 7 }));

    expect(outcome.answer).toBe(7);
    expect(operations).toEqual(['GetItem']);
  });

  it('is written once where the answer of the write is lost', async () => {
    const items = counters();
    loseAnswer();

    const outcome = await items.change('lost', increment);

    expect(outcome.item.count).toBe(1);
    expect(await items.read('lost')).toMatchObject({ count: 1 });
  });

  it('is written once where the answer is lost and another writer comes before the call has looked', async () => {
    const items = counters();
    loseAnswer(async () => {
      disturb = undefined;
      await items.change('overtaken', increment);
    });

    const outcome = await items.change('overtaken', increment);

    expect(outcome.item.count).toBe(1);
    expect(await items.read('overtaken')).toMatchObject({ count: 2 });
  });

  it('is given up by name where every write meets another one', async () => {
    const pauses: number[] = [];
    const items = counters(async (attempt) => void pauses.push(attempt));
    let writes = 0;
    disturb = async (call, perform) => {
      const answer = await perform();
      if (call.operation !== 'GetItem') return answer;
      writes += 1;
      const Item = { pk: 'busy', sk: 'COUNT', name: 'busy', count: 0, version: writes };
      const meanwhile = disturb;
      disturb = undefined;
      await table.documents.send(new PutCommand({ TableName: 'landfall', Item }));
      disturb = meanwhile;
      return answer;
    };

    await expect(items.change('busy', increment)).rejects.toMatchObject({
      name: 'StateUnavailable',
      message: expect.stringContaining('10 writes of the counter busy met other writers'),
    });
    expect(pauses).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('that is malformed is refused by name', async () => {
    const Item = { pk: 'odd', sk: 'COUNT', name: 'odd', count: 'many', version: 1 };
    await table.documents.send(new PutCommand({ TableName: 'landfall', Item }));

    await expect(counters().read('odd')).rejects.toMatchObject({
      name: 'StateUnavailable',
      message: expect.stringContaining('the counter odd is malformed'),
    });
  });

  it('says which calls wrote it last, the newest first, and not more than five', async () => {
    let calls = 0;
    const items = createVersionedItems(
      table,
      {
        schema: Counter,
        keyOf: (name: string) => ({ pk: name, sk: 'COUNT' }),
        missing: (name: string) => ({ name, count: 0 }),
        describe: (name: string) => name,
      },
      async () => {},
      () => `call ${++calls}`,
    );

    for (let count = 0; count < 6; count += 1) await items.change('told', increment);

    const { Item } = await table.documents.send(
      new GetCommand({ TableName: 'landfall', Key: { pk: 'told', sk: 'COUNT' } }),
    );
    expect(Item).toMatchObject({
      version: 6,
      count: 6,
      writtenBy: ['call 6', 'call 5', 'call 4', 'call 3', 'call 2'],
    });
  });
});
