import type {
  AttributeValue,
  DeleteItemInput,
  DescribeTableOutput,
  GetItemOutput,
  PutItemInput,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { Dynamodb } from '../needs.ts';
import { tableNameOf } from '../tables.ts';

type Write = PutItemInput | UpdateItemInput | DeleteItemInput;
type Item = Record<string, AttributeValue>;

/**
 * Writes to items, one at a time in a table. dynalite does not know ReturnValuesOnConditionCheckFailure, so
 * the item that failed the condition is read here, before another put, update or delete can change it.
 */
export function writeOperations({ engine }: Dynamodb): Record<string, Operation> {
  const queues = new Map<string, Promise<unknown>>();
  const inTurn = <Output>(tableName: string, write: () => Promise<Output>): Promise<Output> => {
    const turn = (queues.get(tableName) ?? Promise.resolve()).then(write, write);
    queues.set(tableName, turn);
    return turn;
  };

  const keyOf = async (input: Write): Promise<Item> => {
    if ('Key' in input && input.Key) return input.Key;
    const { Table } = await engine<DescribeTableOutput>('DescribeTable', { TableName: input.TableName });
    const item = ('Item' in input && input.Item) || {};
    const names = Table?.KeySchema?.map(({ AttributeName = '' }) => AttributeName) ?? [];
    return Object.fromEntries(names.map((name) => [name, item[name] as AttributeValue]));
  };
  const failedItem = async (input: Write): Promise<Item | undefined> => {
    const Key = await keyOf(input);
    const found = await engine<GetItemOutput>('GetItem', {
      TableName: input.TableName,
      Key,
      ConsistentRead: true,
    });
    return found.Item;
  };

  const write = (operation: string) => (input: Write) =>
    inTurn(tableNameOf(input.TableName ?? ''), async () => {
      try {
        return await engine<object>(operation, input);
      } catch (error) {
        const wanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
        const failed = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
        const item = wanted && failed ? await failedItem(input) : undefined;
        if (!item || !failed) throw error;
        throw new AwsError(error.code, error.message, { fields: { Item: item } });
      }
    });

  return {
    PutItem: write('PutItem'),
    UpdateItem: write('UpdateItem'),
    DeleteItem: write('DeleteItem'),
  };
}
