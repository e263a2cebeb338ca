import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { DeploymentRecord, formerRunsOf } from '#lib/deployment/record/record.ts';
import {
  attemptOnRecord,
  buildSetExpression,
  keyOf,
  readRecord,
  unchangedConditionOf,
  updateRecord,
} from './deployment-item.ts';
import { installedTable, type Table } from './table.ts';

export interface Deployments {
  /**
   * Opens the record, or reopens it for a later run. `startedAt` stays that of the first run. A second invocation of
   * one run changes nothing: the record may be closed by then. Fails with StateUnavailable.
   */
  open(document: DeploymentDocument, run: Run, now: number): Promise<void>;
  /** Whether the record has been opened for this run. */
  hasBegun(document: DeploymentDocument, redriveCount: number): Promise<boolean>;
  /**
   * Notes who asks for another run, before it can begin. False, and nothing noted, while a run is under way and where
   * somebody has asked for this one before.
   */
  noteRedrive(record: DeploymentRecord, requestedBy: string): Promise<boolean>;
  /** Takes that back, where Step Functions refused the run. */
  dropRedrive(record: DeploymentRecord): Promise<void>;
  get(service: string, deployment: string): Promise<DeploymentRecord | undefined>;
  /** The same of one that there has to be. Fails with DeploymentNotFound. */
  find(service: string, deployment: string): Promise<DeploymentRecord>;
  /** A page of the service's deployments, newest first, without steps and messages, after the one given. */
  list(service: string, limit: number, after?: Position): Promise<Page>;
}

interface Run {
  execution: string;
  redriveCount: number;
}

/** Where a page ends: the record that was last on it. */
export type Position = Pick<DeploymentRecord, 'deployment' | 'startedAt'>;

export interface Page {
  records: DeploymentRecord[];
  /** Where the next page begins; there is none without it. */
  next?: Position;
}

const DAY_SECONDS = 24 * 3600;

export function createDeployments(table: Table = installedTable()): Deployments {
  function create(record: DeploymentRecord, expiresAt: number) {
    const { set, ExpressionAttributeNames, ExpressionAttributeValues } = buildSetExpression({
      ...record,
      expiresAt,
    });
    return updateRecord(table, record.service, record.deployment, {
      UpdateExpression: `SET ${set}`,
      ConditionExpression: 'attribute_not_exists(pk)',
      ExpressionAttributeNames,
      ExpressionAttributeValues,
    });
  }

  /** Keeps the release, who asked for redrives, and what has been counted: others write these meanwhile. */
  function reopen(previous: DeploymentRecord, redriveCount: number, now: number, expiresAt: number) {
    const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } =
      unchangedConditionOf(previous);
    return updateRecord(table, previous.service, previous.deployment, {
      UpdateExpression: `SET #status = :running, redriveCount = :run, redrivenAt = :now, runs = :runs, expiresAt = :expiresAt REMOVE ${OF_ONE_RUN}`,
      ConditionExpression,
      ExpressionAttributeNames: {
        ...ExpressionAttributeNames,
        '#error': 'error',
        '#serviceOutcome': 'serviceOutcome',
      },
      ExpressionAttributeValues: {
        ...ExpressionAttributeValues,
        ':running': 'RUNNING',
        ':run': redriveCount,
        ':now': now,
        ':runs': formerRunsOf(previous),
        ':expiresAt': expiresAt,
      },
    });
  }

  return {
    async open(document, { execution, redriveCount }, now) {
      await attemptOnRecord(table, document.service, document.deployment, async (previous) => {
        if (isOpenFor(previous, redriveCount)) return true;
        const expiresAt = Math.ceil(now / 1000) + document.settings.history.days * DAY_SECONDS;
        const isWritten =
          previous === undefined
            ? await create(recordOf(document, { execution, redriveCount }, now), expiresAt)
            : await reopen(previous, redriveCount, now, expiresAt);
        return isWritten || undefined;
      });
    },

    async hasBegun({ service, deployment }, redriveCount) {
      return isOpenFor(await readRecord(table, service, deployment), redriveCount);
    },

    noteRedrive({ service, deployment, redriveCount, redriveRequestedBy }, requestedBy) {
      const run = String(redriveCount + 1);
      return updateRecord(table, service, deployment, {
        UpdateExpression: 'SET redriveRequestedBy = :redriveRequestedBy',
        ConditionExpression:
          'redriveCount = :redriveCount AND #status <> :running AND attribute_not_exists(redriveRequestedBy.#run)',
        ExpressionAttributeNames: { '#status': 'status', '#run': run },
        ExpressionAttributeValues: {
          ':redriveRequestedBy': { ...redriveRequestedBy, [run]: requestedBy },
          ':redriveCount': redriveCount,
          ':running': 'RUNNING',
        },
      });
    },

    async dropRedrive({ service, deployment, redriveCount }) {
      await updateRecord(table, service, deployment, {
        UpdateExpression: 'REMOVE redriveRequestedBy.#run',
        ConditionExpression: 'redriveCount = :redriveCount AND #status <> :running',
        ExpressionAttributeNames: { '#status': 'status', '#run': String(redriveCount + 1) },
        ExpressionAttributeValues: { ':redriveCount': redriveCount, ':running': 'RUNNING' },
      });
    },

    get: (service, deployment) => readRecord(table, service, deployment),

    async find(service, deployment) {
      const record = await readRecord(table, service, deployment);
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
            ...keyOf(service, after.deployment),
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

/** Whether this run has opened the record, or one after it. */
const isOpenFor = (record: DeploymentRecord | undefined, redriveCount: number) =>
  record !== undefined && record.redriveCount >= redriveCount;

/** What belongs to one run alone: the next run begins without it. */
const OF_ONE_RUN = 'endedAt, #error, message, #serviceOutcome, taskDefinition, provisional, steps, failure';

/** The record of a deployment whose run begins, where there is none of a run before it. */
const recordOf = (
  { service, deployment, release, trigger }: DeploymentDocument,
  { execution, redriveCount }: Run,
  now: number,
): DeploymentRecord => ({
  deployment,
  service,
  execution,
  status: 'RUNNING',
  redriveCount,
  startedAt: now,
  ...(redriveCount === 0 ? {} : { redrivenAt: now }),
  ...(release.commit === undefined ? {} : { commit: release.commit }),
  digest: release.digest,
  ...(release.build === undefined ? {} : { build: release.build.id }),
  trigger,
  ...(release.bundle === undefined ? {} : { bundle: release.bundle }),
});
