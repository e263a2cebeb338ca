import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { DeploymentRecord } from '#lib/deployment/record/record.ts';
import { conditionally } from './conditionally.ts';
import type { Table } from './table.ts';

/** A deployment's record as an item of the table. */

export const keyOf = (service: string, deployment: string) => ({
  pk: `SERVICE#${service}`,
  sk: `DEPLOYMENT#${deployment}`,
});

export async function readRecord(
  table: Table,
  service: string,
  deployment: string,
): Promise<DeploymentRecord | undefined> {
  const { Item } = await table.documents.send(
    new GetCommand({ TableName: table.name, Key: keyOf(service, deployment), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : DeploymentRecord.parse(Item);
}

/**
 * The condition that the record's run is as it was read. Another function may close it, or add what its history says,
 * at any time: whoever moves it to the former runs must not lose that.
 */
export function unchangedConditionOf(record: DeploymentRecord) {
  const { redriveCount, status, failure } = record;
  const same = (['endedAt', 'provisional'] as const).map((name) => [name, record[name]] as const);
  const terms = same.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${name})` : `${name} = :read_${name}`,
  );
  return {
    ConditionExpression: [
      'redriveCount = :read_redriveCount AND #status = :read_status',
      ...terms,
      `attribute_${failure === undefined ? 'not_exists' : 'exists'}(failure)`,
    ].join(' AND '),
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':read_redriveCount': redriveCount,
      ':read_status': status,
      ...Object.fromEntries(
        same.flatMap(([name, value]) => (value === undefined ? [] : [[`:read_${name}`, value]])),
      ),
    },
  };
}

/** A record has few writers. More conflicts than this are a defect. */
const MOST_ATTEMPTS = 3;

/**
 * Reads a record and lets `attempt` write by it. Does so again where `attempt` answers undefined: its write met another
 * writer's, or its own, whose answer was lost. Fails with StateUnavailable.
 */
export async function attemptOnRecord<Outcome>(
  table: Table,
  service: string,
  deployment: string,
  attempt: (record: DeploymentRecord | undefined) => Promise<Outcome | undefined>,
): Promise<Outcome> {
  for (let count = 0; count < MOST_ATTEMPTS; count += 1) {
    const outcome = await attempt(await readRecord(table, service, deployment));
    if (outcome !== undefined) return outcome;
  }
  throw new DeploymentError(
    'StateUnavailable',
    `${MOST_ATTEMPTS} writes of the record of ${deployment} met other writers`,
  );
}

/** Changes a record. False where the condition does not hold. */
export async function updateRecord(
  table: Table,
  service: string,
  deployment: string,
  expressions: Pick<
    UpdateCommandInput,
    'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >,
): Promise<boolean> {
  return conditionally(
    table.documents.send(
      new UpdateCommand({ TableName: table.name, Key: keyOf(service, deployment), ...expressions }),
    ),
  );
}

/** The parts of an UpdateExpression that set these values, and remove those that are undefined. */
export function buildSetExpression(values: Record<string, unknown>) {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  const absent = Object.entries(values).filter(([, value]) => value === undefined);
  return {
    set: present.map(([name]) => `#${name} = :${name}`).join(', '),
    removed: absent.map(([name]) => `#${name}`),
    ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  };
}
