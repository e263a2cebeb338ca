import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { isOpenFor, openRun, type Run } from '#lib/deployment/record/open-run.ts';
import { DeploymentRecord } from '#lib/deployment/record/record.ts';
import { dropRedrive, noteRedrive } from '#lib/deployment/record/redrive-request.ts';
import { createDeploymentItems, keyOf } from './deployment-items.ts';
import { installedTable, type Table } from './table.ts';

export interface Deployments {
  /** Opens the record, or reopens it for a later run: see `openRun`. Fails with StateUnavailable. */
  open(document: DeploymentDocument, run: Run, now: number): Promise<void>;
  /** Whether the record has been opened for this run. */
  hasBegun(document: DeploymentDocument, redriveCount: number): Promise<boolean>;
  /** Notes who asks for another run, before it can begin: see `noteRedrive`. False where nothing was noted. */
  noteRedrive(record: DeploymentRecord, requestedBy: string): Promise<boolean>;
  /** Takes that back, where Step Functions refused the run. */
  dropRedrive(record: DeploymentRecord): Promise<void>;
  get(service: string, deployment: string): Promise<DeploymentRecord | undefined>;
  /** The same of one that there has to be. Fails with DeploymentNotFound. */
  find(service: string, deployment: string): Promise<DeploymentRecord>;
  /** A page of the service's deployments, newest first, without steps and messages, after the one given. */
  list(service: string, limit: number, after?: Position): Promise<Page>;
}

/** Where a page ends: the record that was last on it. */
export type Position = Pick<DeploymentRecord, 'deployment' | 'startedAt'>;

export interface Page {
  records: DeploymentRecord[];
  /** Where the next page begins; there is none without it. */
  next?: Position;
}

export function createDeployments(table: Table = installedTable()): Deployments {
  const items = createDeploymentItems(table);
  const get = (service: string, deployment: string) => items.read({ service, deployment });

  return {
    async open(document, run, now) {
      await items.change(document, (record) => ({ item: openRun(record, document, run, now) }));
    },

    async hasBegun(document, redriveCount) {
      return isOpenFor(await items.read(document), { redriveCount });
    },

    async noteRedrive(record, requestedBy) {
      const { redriveCount } = record;
      return (await items.change(record, (current) => noteRedrive(current, redriveCount, requestedBy)))
        .isNoted;
    },

    async dropRedrive(record) {
      await items.change(record, (current) => dropRedrive(current, record.redriveCount));
    },

    get,

    async find(service, deployment) {
      const record = await get(service, deployment);
      if (record === undefined)
        throw new DeploymentError('DeploymentNotFound', `${service} has no record of "${deployment}"`);
      return record;
    },

    async list(service, limit, after) {
      const { Items, LastEvaluatedKey } = await table.documents.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: 'history',
          KeyConditionExpression: 'service = :service',
          ExpressionAttributeValues: { ':service': service },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: after && {
            ...keyOf({ service, deployment: after.deployment }),
            service,
            startedAt: after.startedAt,
          },
        }),
      );
      const records = (Items ?? []).map((item) => DeploymentRecord.parse(item));
      const last = records.at(-1);
      return { records, ...(LastEvaluatedKey === undefined || last === undefined ? {} : { next: last }) };
    },
  };
}
