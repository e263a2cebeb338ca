import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { hasName } from './faults.ts';
import type { Table } from './table.ts';

/** The record of one deployment, kept when Step Functions has long forgotten its execution. */
export const DeploymentRecord = z.object({
  deployment: z.string(),
  service: z.string(),
  execution: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'SUPERSEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']),
  redriveCount: z.number().int(),
  /** Epoch milliseconds. */
  startedAt: z.number(),
  endedAt: z.number().optional(),
  commit: z.string().optional(),
  digest: z.string(),
  trigger: z.object({ kind: z.string(), by: z.string().optional() }),
  error: z.string().optional(),
  message: z.string().optional(),
});
export type DeploymentRecord = z.infer<typeof DeploymentRecord>;

const keyOf = (service: string, deployment: string) => ({
  pk: `SERVICE#${service}`,
  sk: `DEPLOYMENT#${deployment}`,
});

export interface Deployments {
  /**
   * Opens the record, or reopens it for a later run. `startedAt` stays that of the first run. A second invocation of
   * one run changes nothing: the record may be closed by then.
   */
  open(
    document: DeploymentDocument,
    run: { execution: string; redriveCount: number },
    now: number,
  ): Promise<void>;
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
      error?: string | undefined;
      message?: string | undefined;
    },
    now: number,
  ): Promise<boolean>;
  get(service: string, deployment: string): Promise<DeploymentRecord | undefined>;
}

export function createDeployments(table: Table): Deployments {
  return {
    async open(document, run, now) {
      const { service, deployment, release } = document;
      const previous = await this.get(service, deployment);
      if (previous !== undefined && previous.redriveCount >= run.redriveCount) return;
      const record: DeploymentRecord = {
        deployment,
        service,
        execution: run.execution,
        status: 'RUNNING',
        redriveCount: run.redriveCount,
        startedAt: previous?.startedAt ?? now,
        ...(release.commit === undefined ? {} : { commit: release.commit }),
        digest: release.digest,
        trigger: document.trigger,
      };
      await table.documents
        .send(
          new PutCommand({
            TableName: table.name,
            Item: { ...keyOf(service, deployment), ...record },
            ConditionExpression: 'attribute_not_exists(pk) OR redriveCount < :run',
            ExpressionAttributeValues: { ':run': run.redriveCount },
          }),
        )
        .catch((error: unknown) => {
          if (!hasName(error, 'ConditionalCheckFailedException')) throw error;
        });
    },

    async close(service, deployment, end, now) {
      const values = {
        status: end.status,
        endedAt: now,
        redriveCount: end.redriveCount,
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
        if (hasName(error, 'ConditionalCheckFailedException')) return false;
        throw error;
      }
    },

    async get(service, deployment) {
      const { Item } = await table.documents.send(
        new GetCommand({ TableName: table.name, Key: keyOf(service, deployment), ConsistentRead: true }),
      );
      return Item === undefined ? undefined : DeploymentRecord.parse(Item);
    },
  };
}
