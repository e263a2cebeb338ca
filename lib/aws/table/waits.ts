import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DeploymentDocument } from '#lib/deployment/document.ts';
import { conditionally } from './conditionally.ts';
import { installedTable, type Table } from './table.ts';

/** A Task that waits for a callback: its token, and all that is needed to look again. */
export const Wait = z.object({
  kind: z.enum(['migration', 'rollout', 'rollback']),
  taskToken: z.string(),
  execution: z.string(),
  document: DeploymentDocument,
});
export type Wait = z.infer<typeof Wait>;

const keyOf = (what: string) => ({ pk: `WAIT#${what}`, sk: 'TOKEN' });

/** A week: longer than any wait; only leftovers of lost executions live that long. */
const TIME_TO_LIVE_SECONDS = 7 * 24 * 3600;

export interface Waits {
  put(what: string, wait: Wait, now: number): Promise<void>;
  get(what: string): Promise<Wait | undefined>;
  /** Removes the wait if it is still this token's. */
  remove(what: string, taskToken: string): Promise<void>;
  /**
   * Asks for the turn to look. Looks at one wait are at least `spacing` milliseconds apart: the first hint gets 0 and
   * looks at once. The next gets the milliseconds to pause before it looks. Any further hint until then gets
   * `undefined`: the coming look will see what it hints at.
   */
  turnToLook(what: string, spacing: number, now: number): Promise<number | undefined>;
}

export function createWaits(table: Table = installedTable()): Waits {
  return {
    async put(what, wait, now) {
      const expiresAt = Math.floor(now / 1000) + TIME_TO_LIVE_SECONDS;
      await table.documents.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(what), ...wait, expiresAt, nextLookAt: 0 },
        }),
      );
    },

    async get(what) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(what), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : Wait.parse(Item);
    },

    async remove(what, taskToken) {
      await conditionally(
        table.documents.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keyOf(what),
            ConditionExpression: 'taskToken = :token',
            ExpressionAttributeValues: { ':token': taskToken },
          }),
        ),
      );
    },

    async turnToLook(what, spacing, now) {
      const { Item } = await table.documents.send(
        new GetCommand({
          TableName: table.name,
          Key: keyOf(what),
          ConsistentRead: true,
          ProjectionExpression: 'nextLookAt',
        }),
      );
      const next = typeof Item?.nextLookAt === 'number' ? Item.nextLookAt : undefined;
      // Later than now: somebody is pausing for that very look already.
      if (next === undefined || next > now) return undefined;
      const at = Math.max(now, next + spacing);
      const isOurs = await conditionally(
        table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(what),
            UpdateExpression: 'SET nextLookAt = :at',
            ConditionExpression: 'nextLookAt = :next',
            ExpressionAttributeValues: { ':at': at, ':next': next },
          }),
        ),
      );
      return isOurs ? at - now : undefined;
    },
  };
}
