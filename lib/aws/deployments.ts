import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { DeploymentRecord, formerRuns } from '#lib/deployment/record.ts';
import { keyOf, readRecord, updateRecord } from './deployment-item.ts';
import { hasName } from './faults.ts';
import type { Table } from './table.ts';

export interface Deployments {
  /**
   * Opens the record, or reopens it for a later run. `startedAt` stays that of the first run. A second invocation of
   * one run changes nothing: the record may be closed by then. Answers whether the run has just begun.
   */
  open(
    document: DeploymentDocument,
    run: { execution: string; redriveCount: number },
    now: number,
  ): Promise<boolean>;
  /**
   * Notes who asks for another run, before it can begin. False, and nothing noted, while a run is under way and where
   * somebody has asked for this one before.
   */
  noteRedrive(record: DeploymentRecord, by: string): Promise<boolean>;
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

const DAY_SECONDS = 24 * 3600;

export function createDeployments(table: Table): Deployments {
  return {
    async open(document, run, now) {
      const { service, deployment, release, settings } = document;
      const previous = await readRecord(table, service, deployment);
      if (previous !== undefined && previous.redriveCount >= run.redriveCount) return false;
      const record: DeploymentRecord = {
        deployment,
        service,
        execution: run.execution,
        status: 'RUNNING',
        redriveCount: run.redriveCount,
        startedAt: previous?.startedAt ?? now,
        ...(run.redriveCount === 0 ? {} : { redrivenAt: now }),
        ...(release.commit === undefined ? {} : { commit: release.commit }),
        digest: release.digest,
        ...(release.build === undefined ? {} : { build: release.build.id }),
        trigger: document.trigger,
        ...(previous?.redrivenBy && { redrivenBy: previous.redrivenBy }),
        ...(release.bundle === undefined ? {} : { bundle: release.bundle }),
        ...(previous?.endsCounted && { endsCounted: previous.endsCounted }),
        ...(previous?.stepsCounted && { stepsCounted: previous.stepsCounted }),
        ...(previous && { runs: formerRuns(previous) }),
      };
      const expiresAt = Math.ceil(now / 1000) + settings.history.days * DAY_SECONDS;
      try {
        await table.documents.send(
          new PutCommand({
            TableName: table.name,
            Item: { ...keyOf(service, deployment), ...record, expiresAt },
            ConditionExpression: 'attribute_not_exists(pk) OR redriveCount < :run',
            ExpressionAttributeValues: { ':run': run.redriveCount },
          }),
        );
        return true;
      } catch (error) {
        if (!hasName(error, 'ConditionalCheckFailedException')) throw error;
        return false;
      }
    },

    noteRedrive({ service, deployment, redriveCount, redrivenBy }, by) {
      const run = String(redriveCount + 1);
      return updateRecord(table, service, deployment, {
        UpdateExpression: 'SET redrivenBy = :redrivenBy',
        ConditionExpression:
          'redriveCount = :redriveCount AND #status <> :running AND attribute_not_exists(redrivenBy.#run)',
        ExpressionAttributeNames: { '#status': 'status', '#run': run },
        ExpressionAttributeValues: {
          ':redrivenBy': { ...redrivenBy, [run]: by },
          ':redriveCount': redriveCount,
          ':running': 'RUNNING',
        },
      });
    },

    async dropRedrive({ service, deployment, redriveCount }) {
      await updateRecord(table, service, deployment, {
        UpdateExpression: 'REMOVE redrivenBy.#run',
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
