import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { DeploymentRecord } from '#lib/deployment/record.ts';
import { hasName } from './faults.ts';
import type { Table } from './table.ts';

const keyOf = (service: string, deployment: string) => ({
  pk: `SERVICE#${service}`,
  sk: `DEPLOYMENT#${deployment}`,
});

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
   * Closes the record of one run. False when there is nothing to close: it is closed already, or a later run has
   * opened it again (events arrive late and twice).
   */
  close(
    service: string,
    deployment: string,
    end: {
      status: DeploymentRecord['status'];
      redriveCount: number;
      /** The revision that went live. */
      taskDefinition?: string | undefined;
      error?: string | undefined;
      message?: string | undefined;
    },
    now: number,
  ): Promise<boolean>;
  /** Keeps what the execution's history says of a run that is over, unless a later run has begun since. */
  keep(
    service: string,
    deployment: string,
    redriveCount: number,
    course: Pick<DeploymentRecord, 'steps' | 'failure'>,
  ): Promise<void>;
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
      const previous = await this.get(service, deployment);
      if (previous !== undefined && previous.redriveCount >= run.redriveCount) return false;
      const record: DeploymentRecord = {
        deployment,
        service,
        execution: run.execution,
        status: 'RUNNING',
        redriveCount: run.redriveCount,
        startedAt: previous?.startedAt ?? now,
        ...(release.commit === undefined ? {} : { commit: release.commit }),
        digest: release.digest,
        ...(release.build === undefined ? {} : { build: release.build.id }),
        trigger: document.trigger,
        ...(release.bundle === undefined ? {} : { bundle: release.bundle }),
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

    async close(service, deployment, end, now) {
      const values = {
        status: end.status,
        endedAt: now,
        redriveCount: end.redriveCount,
        taskDefinition: end.taskDefinition,
        error: end.error,
        message: end.message,
      };
      const present = Object.entries(values).filter(([, value]) => value !== undefined);
      // What an earlier run ended with is not how this one ended.
      const absent = Object.entries(values).filter(([, value]) => value === undefined);
      const removed = absent.length === 0 ? '' : ` REMOVE ${absent.map(([name]) => `#${name}`).join(', ')}`;
      try {
        await table.documents.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(service, deployment),
            UpdateExpression: `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}${removed}`,
            ConditionExpression:
              'attribute_exists(pk) AND (redriveCount < :redriveCount OR (redriveCount = :redriveCount AND #status = :running))',
            ExpressionAttributeNames: Object.fromEntries(
              Object.keys(values).map((name) => [`#${name}`, name]),
            ),
            ExpressionAttributeValues: {
              ...Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
              ':running': 'RUNNING',
            },
          }),
        );
        return true;
      } catch (error) {
        if (!hasName(error, 'ConditionalCheckFailedException')) throw error;
        // Where an answer was lost, the SDK's next attempt meets the write of the one before: it was this call's.
        const kept: Record<string, unknown> = { ...(await this.get(service, deployment)) };
        return Object.entries(values).every(([name, value]) => kept[name] === value);
      }
    },

    async keep(service, deployment, redriveCount, { steps, failure }) {
      await table.documents
        .send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(service, deployment),
            UpdateExpression: `SET steps = :steps${failure === undefined ? ' REMOVE failure' : ', failure = :failure'}`,
            ConditionExpression: 'redriveCount = :run AND #status <> :running',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':steps': steps,
              ':run': redriveCount,
              ':running': 'RUNNING',
              ...(failure === undefined ? {} : { ':failure': failure }),
            },
          }),
        )
        .catch((error: unknown) => {
          if (!hasName(error, 'ConditionalCheckFailedException')) throw error;
        });
    },

    async get(service, deployment) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(service, deployment), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : DeploymentRecord.parse(Item);
    },

    async find(service, deployment) {
      const record = await this.get(service, deployment);
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
