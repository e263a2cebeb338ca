import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { pause } from '#lib/aws/sdk/clock.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { conditionally } from './conditionally.ts';
import type { Table } from './table.ts';

/** One item has few writers (a dozen when a branch is merged in a hurry): more conflicts mean a defect. */
const MOST_ATTEMPTS = 10;

/** Full jitter, so that writers who have met do not meet again in step. */
const pauseWithJitter = (attempt: number) => pause(Math.random() * Math.min(25 * 2 ** attempt, 1_000));

/** What the table keeps of an item beside its content. */
const Version = z.object({
  /** Rises with every write; the write's condition. */
  version: z.number().int(),
  /** The calls that wrote last, newest first, each by a random id: a call knows its own write again. */
  writtenBy: z.array(z.string()).optional(),
});

interface Found<Current> {
  item: Current;
  version: number;
  writtenBy: string[];
}

/** More writers than meet while one of them asks what has become of its write. */
const MOST_WRITERS = 5;

/** Items of one kind, each found by its `Name`. */
interface ItemKind<Name, Item, Missing> {
  schema: z.ZodType<Item>;
  keyOf(name: Name): { pk: string; sk: string };
  /** What stands for an item that was never written. */
  missing(name: Name): Missing;
  /** The item in words, for an error's message. */
  describe(name: Name): string;
  /** The error that callers see where the table fails; by default the SDK's own. */
  faultOf?(name: Name, error: unknown): unknown;
}

export interface VersionedItems<Name, Current> {
  /** Fails with StateUnavailable where the item is malformed. */
  read(name: Name): Promise<Current>;
  /**
   * Reads the item, asks `decide` what it should become and writes that on condition that nobody wrote in between. Asks
   * again when somebody did, so `decide` must be free of effects. An unchanged item is not written. A write whose answer
   * was lost counts as written. Fails with what `decide` throws, and with StateUnavailable.
   */
  change<Outcome extends { item: Current }>(name: Name, decide: (item: Current) => Outcome): Promise<Outcome>;
}

export function createVersionedItems<Name, Item extends object, Missing extends Item | undefined>(
  table: Table,
  { schema, keyOf, missing, describe, faultOf = (_, error) => error }: ItemKind<Name, Item, Missing>,
  giveWay = pauseWithJitter,
  newId: () => string = randomUUID,
): VersionedItems<Name, Item | Missing> {
  const Stored = z.object({ ...Version.shape, item: schema });

  async function load(name: Name): Promise<Found<Item | Missing>> {
    const command = new GetCommand({ TableName: table.name, Key: keyOf(name), ConsistentRead: true });
    const { Item } = await table.documents.send(command).catch((error) => {
      throw faultOf(name, error);
    });
    if (Item === undefined) return { item: missing(name), version: 0, writtenBy: [] };
    const parsed = Stored.safeParse({ ...Item, item: Item });
    if (!parsed.success)
      throw new DeploymentError(
        'StateUnavailable',
        `${describe(name)} is malformed: ${z.prettifyError(parsed.error)}`,
      );
    const { item, version, writtenBy = [] } = parsed.data;
    return { item, version, writtenBy };
  }

  /** True when written, false when somebody else wrote first. */
  function write(
    name: Name,
    item: Item,
    expected: Omit<Found<unknown>, 'item'>,
    id: string,
  ): Promise<boolean> {
    const writtenBy = [id, ...expected.writtenBy].slice(0, MOST_WRITERS);
    const command = new PutCommand({
      TableName: table.name,
      Item: { ...keyOf(name), ...item, version: expected.version + 1, writtenBy },
      ConditionExpression: 'attribute_not_exists(pk) OR version = :expected',
      ExpressionAttributeValues: { ':expected': expected.version },
    });
    return conditionally(table.documents.send(command)).catch((error) => {
      throw faultOf(name, error);
    });
  }

  return {
    read: async (name) => (await load(name)).item,

    async change(name, decide) {
      const id = newId();
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const current = await load(name);
        const outcome = decide(current.item);
        const { item } = outcome;
        if (item === undefined || item === current.item) return outcome;
        if (await write(name, item, current, id)) return outcome;
        // The SDK asks again where an answer was lost, and then meets what it wrote itself.
        const found = await load(name);
        if (found.writtenBy.includes(id)) return outcome;
        await giveWay(attempt);
      }
      throw new DeploymentError(
        'StateUnavailable',
        `${MOST_ATTEMPTS} writes of ${describe(name)} met other writers`,
      );
    },
  };
}
