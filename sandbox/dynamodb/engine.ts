import { createRequire } from 'node:module';
import { AwsError } from '#sandbox/core/errors.ts';

/** The parts of dynalite that its server is made of. It has no types, and only its server is documented. */
interface Store {
  tableDb: {
    awsAccountId: string;
    awsRegion: string;
    put(key: string, value: object, callback: (error?: Error | null) => void): void;
    get(key: string, callback: (error: Error | null, table?: StoredTable) => void): void;
  };
  db: { close(callback: (error?: Error) => void): void };
}
interface StoredTable {
  TableStatus: string;
  GlobalSecondaryIndexes?: { IndexStatus: string }[];
}
type Json = Record<string, unknown>;
type Callback = (error: DynaliteError | null, output?: Json | '') => void;
interface DynaliteError extends Error {
  statusCode?: number;
  body?: { __type: string; message?: string; Message?: string };
}

const load = createRequire(import.meta.url);

/** DynamoDB's data plane and tables: dynalite's own actions and validations, called without its server. */
export interface Engine {
  /** Runs an action with input and output in the JSON of the wire. */
  call(operation: string, input: Json): Promise<Json>;
  /** Ends a table's CREATING now instead of with the next timer, so that a virtual clock need not move. */
  activate(tableName: string): Promise<void>;
  close(): Promise<void>;
}

/** The operations that dynalite has. It answers DescribeTimeToLive too, but remembers no such setting. */
export const engineOperations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

export function createEngine(accountId: string, region: string): Engine {
  const { create } = load('dynalite/db') as { create(options: object): Store };
  const store = create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsAccountId = accountId;
  store.tableDb.awsRegion = region;

  return {
    async call(operation, input) {
      const action = operation.charAt(0).toLowerCase() + operation.slice(1);
      try {
        return await run(store, action, input);
      } catch (error) {
        throw translate(error as DynaliteError);
      }
    },
    activate: (tableName) =>
      new Promise((resolve, reject) => {
        store.tableDb.get(tableName, (missing, table) => {
          if (missing || !table) return reject(missing ?? new Error(`No table ${tableName}`));
          table.TableStatus = 'ACTIVE';
          for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
          store.tableDb.put(tableName, table, (error) => (error ? reject(error) : resolve()));
        });
      }),
    close: () =>
      new Promise((resolve, reject) => store.db.close((error) => (error ? reject(error) : resolve()))),
  };
}

/** As dynalite's request handler does it: types, then validations, then the action. */
function run(store: Store, action: string, input: Json): Promise<Json> {
  const { checkTypes, checkValidations } = load('dynalite/validations') as {
    checkTypes(input: Json, types: unknown): Json;
    checkValidations(input: Json, types: unknown, custom: unknown, store: Store): void;
  };
  const { types, custom } = load(`dynalite/validations/${action}`) as { types: unknown; custom: unknown };
  const data = checkTypes(input, types);
  checkValidations(data, types, custom, store);
  const perform = load(`dynalite/actions/${action}`) as (
    store: Store,
    data: Json,
    callback: Callback,
  ) => void;
  return new Promise((resolve, reject) => {
    perform(store, data, (error, output) => (error ? reject(error) : resolve(output || {})));
  });
}

function translate(error: DynaliteError): Error {
  if (!error.body) return error;
  const { __type, message, Message } = error.body;
  const code = __type.split('#').at(-1) ?? __type;
  return new AwsError(code, message ?? Message ?? '', { httpStatus: error.statusCode ?? 400 });
}
