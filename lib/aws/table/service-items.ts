import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { pause } from '#lib/aws/sdk/clock.ts';
import { emptyServiceItem, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { conditionally } from './conditionally.ts';
import { installedTable, type Table } from './table.ts';

const keyOf = (service: string) => ({ pk: `SERVICE#${service}`, sk: 'STATE' });

/** Writers of one service are few (a dozen when a branch is merged in a hurry): more conflicts mean a defect. */
const MOST_ATTEMPTS = 10;

/** Full jitter, so that writers who have met do not meet again in step. */
const pauseWithJitter = (attempt: number) => pause(Math.random() * Math.min(25 * 2 ** attempt, 1_000));

export interface ServiceItems {
  read(service: string): Promise<ServiceItem>;
  /**
   * Reads the service's item, asks `decide` what it should become and writes that on condition that nobody wrote in
   * between; asks again when somebody did. `decide` must be free of effects. An unchanged item is not written. A write
   * whose answer was lost counts as written. Fails with what `decide` throws, and with StateUnavailable.
   */
  change<Outcome extends { item: ServiceItem }>(
    service: string,
    decide: (item: ServiceItem) => Outcome,
  ): Promise<Outcome>;
}

export function createServiceItems(
  table: Table = installedTable(),
  giveWay = pauseWithJitter,
  newId: () => string = randomUUID,
): ServiceItems {
  async function read(service: string): Promise<ServiceItem> {
    const { Item } = await table.documents
      .send(new GetCommand({ TableName: table.name, Key: keyOf(service), ConsistentRead: true }))
      .catch(throwUnavailable(service));
    if (Item === undefined) return emptyServiceItem(service);
    const parsed = ServiceItem.safeParse(Item);
    if (parsed.success) return parsed.data;
    throw new DeploymentError(
      'StateUnavailable',
      `the item of ${service} is malformed: ${z.prettifyError(parsed.error)}`,
    );
  }

  /** True when written, false when somebody else wrote first. */
  function write(item: ServiceItem, expectedVersion: number): Promise<boolean> {
    return conditionally(
      table.documents.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(item.service), ...item },
          ConditionExpression: 'attribute_not_exists(pk) OR version = :expected',
          ExpressionAttributeValues: { ':expected': expectedVersion },
        }),
      ),
    ).catch(throwUnavailable(item.service));
  }

  return {
    read,
    async change(service, decide) {
      const writtenBy = newId();
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const current = await read(service);
        const outcome = decide(current);
        if (outcome.item === current) return outcome;
        const version = current.version + 1;
        if (await write({ ...outcome.item, version, writtenBy }, current.version)) return outcome;
        // The SDK asks again where an answer was lost, and then meets what it wrote itself.
        const found = await read(service);
        if (found.version === version && found.writtenBy === writtenBy) return outcome;
        await giveWay(attempt);
      }
      throw new DeploymentError(
        'StateUnavailable',
        `${MOST_ATTEMPTS} writes of ${service} met other writers`,
      );
    },
  };
}

/** A claim or freeze that cannot be read counts as frozen: fail closed, under a name of its own. */
const throwUnavailable =
  (service: string) =>
  (error: unknown): never => {
    const { name, message } = error as Error;
    throw new DeploymentError('StateUnavailable', `${service}: ${name}: ${message.replace(/\.$/, '')}`, {
      cause: error,
    });
  };
