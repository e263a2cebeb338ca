import * as sdk from '@aws-sdk/client-dynamodb';
import type { Timer } from '#sandbox/core/clock.ts';
import type { Operation, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { serviceModel } from '#sandbox/wire/model.ts';
import { readJson, writeJson } from '#sandbox/wire/values/json.ts';
import { authorizeDynamodb } from './authorize.ts';
import { createEngine, engineOperations } from './engine.ts';
import { deleteExpired } from './expiry.ts';
import type { CallEngine, Dynamodb } from './needs.ts';
import { continuousBackupOperations } from './operations/continuous-backups.ts';
import { tableOperations } from './operations/tables.ts';
import { timeToLiveOperations } from './operations/time-to-live.ts';
import { writeOperations } from './operations/writes.ts';
import { tableNameOf } from './tables.ts';

export interface DynamodbOptions {
  /**
   * How often expired items are looked for and deleted. Default: never, for AWS promises no more than "within
   * a few days", and readers have to filter expired items either way.
   */
  ttlSweepMilliseconds?: number;
}

export interface DynamodbService {
  definition: ServiceDefinition;
  /** Deletes what has expired now; returns how many items. */
  deleteExpiredItems(): Promise<number>;
  close(): Promise<void>;
}

/**
 * DynamoDB, by dynalite, in memory and without a port of its own. Transactions, streams, PartiQL, backups and
 * global tables are not here and answer UnknownOperationException.
 */
export function createDynamodb(
  context: SandboxContext,
  _needs: object = {},
  options: DynamodbOptions = {},
): DynamodbService {
  const engine = createEngine(context.accountId, context.region);
  const definition: ServiceDefinition = {
    signingName: 'dynamodb',
    sdk,
    operations: {},
    authorize: authorizeDynamodb(context),
  };
  const { operations: models } = serviceModel(definition);
  const call: CallEngine = async <Output>(operation: string, input: object) => {
    const model = models.get(operation);
    if (!model) throw new Error(`No operation ${operation} in DynamoDB's model`);
    const named =
      'TableName' in input ? { ...input, TableName: tableNameOf(String(input.TableName)) } : input;
    const output = await engine.call(operation, JSON.parse(writeJson(model.input, named)));
    return readJson(model.output, output) as Output;
  };
  const shared: Dynamodb = { context, settings: new Map(), engine: call, activate: engine.activate };
  const plain = engineOperations.map((name): [string, Operation] => [name, (input) => call(name, input)]);
  Object.assign(definition.operations, Object.fromEntries(plain), {
    ...tableOperations(shared),
    ...timeToLiveOperations(shared),
    ...continuousBackupOperations(shared),
    ...writeOperations(shared),
  });

  const deleteExpiredItems = () => deleteExpired(shared, definition.operations.DeleteItem as Operation);
  const sweeper = startSweep(context, options.ttlSweepMilliseconds, deleteExpiredItems);
  return {
    definition,
    deleteExpiredItems,
    async close() {
      await sweeper.stop();
      await engine.close();
    },
  };
}

function startSweep(
  { clock, debug }: SandboxContext,
  every: number | undefined,
  sweep: () => Promise<number>,
): { stop(): Promise<void> } {
  let [timer, stopped]: [Timer, boolean] = [undefined, every === undefined];
  let running: Promise<unknown> = Promise.resolve();
  const schedule = () => {
    if (stopped || every === undefined) return;
    timer = clock.setTimeout(() => {
      running = sweep()
        .catch((error: unknown) => debug(`dynamodb: time-to-live sweep failed: ${error}`))
        .then(schedule);
    }, every);
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clock.clearTimeout(timer);
      await running;
    },
  };
}
