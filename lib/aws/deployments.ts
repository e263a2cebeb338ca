import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { Left } from '#lib/deployment/left.ts';
import { DeploymentRecord, formerRuns } from '#lib/deployment/record.ts';
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
  /** Whether this run, or a later one, has been closed by whoever had to tell of its end. */
  isClosed(service: string, deployment: string, redriveCount: number): Promise<boolean>;
  /**
   * Closes the record of one run. True for the one call that does, whose it then is to tell and to count the end. False
   * when there is nothing to close: it is closed already. Events arrive late and twice: where a later run has opened
   * the record again, the first to tell of this one gets true all the same.
   */
  close(service: string, deployment: string, end: End, now: number): Promise<boolean>;
  /**
   * Closes the record of a run that was seen to be over until whoever has to tell of its end does so by `close`, should
   * that fail or take its time. Changes nothing that is closed already.
   */
  presume(service: string, deployment: string, end: End, now: number): Promise<void>;
  /**
   * Keeps what the execution's history says of a run that is over, unless a later run has begun since. True for the
   * first call about this run, whose it then is to count the steps.
   */
  keep(
    service: string,
    deployment: string,
    redriveCount: number,
    course: Pick<DeploymentRecord, 'steps' | 'failure'>,
  ): Promise<boolean>;
  /**
   * Notes who asks for another run, before it can begin; whoever was first to ask for this one stays. Changes nothing
   * while a run is under way.
   */
  noteRedrive(record: DeploymentRecord, by: string): Promise<void>;
  /** Takes that back, where Step Functions refused the run. */
  dropRedrive(record: DeploymentRecord, by: string): Promise<void>;
  get(service: string, deployment: string): Promise<DeploymentRecord | undefined>;
  /** The same of one that there has to be. Fails with DeploymentNotFound. */
  find(service: string, deployment: string): Promise<DeploymentRecord>;
  /** A page of the service's deployments, newest first, without steps and messages, after the one given. */
  list(service: string, limit: number, after?: Position): Promise<Page>;
}

/** How one run of a deployment has ended. */
export interface End {
  status: DeploymentRecord['status'];
  redriveCount: number;
  left?: Left | undefined;
  /** The revision that went live. */
  taskDefinition?: string | undefined;
  error?: string | undefined;
  message?: string | undefined;
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
  /** False where the condition does not hold. */
  async function update(
    service: string,
    deployment: string,
    expressions: Pick<
      UpdateCommandInput,
      'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
    >,
  ): Promise<boolean> {
    try {
      await table.documents.send(
        new UpdateCommand({ TableName: table.name, Key: keyOf(service, deployment), ...expressions }),
      );
      return true;
    } catch (error) {
      if (hasName(error, 'ConditionalCheckFailedException')) return false;
      throw error;
    }
  }

  /** Whether this is the first who counts this run under that name. */
  const isFirst = (
    service: string,
    deployment: string,
    redriveCount: number,
    name: 'endsCounted' | 'stepsCounted',
  ) =>
    update(service, deployment, {
      UpdateExpression: `ADD ${name} :runs`,
      ConditionExpression: `attribute_exists(pk) AND NOT contains(${name}, :run)`,
      ExpressionAttributeValues: { ':runs': new Set([redriveCount]), ':run': redriveCount },
    });

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

    async isClosed(service, deployment, redriveCount) {
      const kept = await this.get(service, deployment);
      return kept?.endsCounted?.has(redriveCount) ?? false;
    },

    async close(service, deployment, end, now) {
      const { redriveCount } = end;
      const values = valuesOf(end, now);
      const close = (run: number, former: Record<string, unknown>) => {
        const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed({
          ...values,
          ...former,
        });
        return update(service, deployment, {
          // What an earlier run went through is not how this one went.
          UpdateExpression: `SET ${set} REMOVE ${['presumed', 'steps', 'failure', ...removed].join(', ')} ADD endsCounted :counted`,
          ConditionExpression:
            'redriveCount = :run AND (redriveCount < :redriveCount OR #status = :running OR attribute_exists(presumed))',
          ExpressionAttributeNames,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ':run': run,
            ':running': 'RUNNING',
            ':counted': new Set([redriveCount]),
          },
        });
      };
      if (await close(redriveCount, {})) return true;
      let kept = await this.get(service, deployment);
      if (kept !== undefined && kept.redriveCount < redriveCount) {
        // Re-driven into the midst of the pipeline, where no state opens the record.
        if (await close(kept.redriveCount, { runs: formerRuns(kept) })) return true;
        kept = await this.get(service, deployment);
      }
      if (kept === undefined) return false;
      if (kept.redriveCount > redriveCount) return isFirst(service, deployment, redriveCount, 'endsCounted');
      // Where an answer was lost, the SDK's next attempt meets the write of the one before: it was this call's.
      const found: Record<string, unknown> = { ...kept };
      return Object.entries(values).every(([name, value]) => found[name] === value);
    },

    async presume(service, deployment, end, now) {
      const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed(
        valuesOf(end, now),
      );
      await update(service, deployment, {
        UpdateExpression: `SET ${set}, presumed = :presumed${removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`}`,
        ConditionExpression: 'redriveCount <= :redriveCount AND #status = :running',
        ExpressionAttributeNames,
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':running': 'RUNNING',
          ':presumed': true,
        },
      });
    },

    async keep(service, deployment, redriveCount, { steps, failure }) {
      await update(service, deployment, {
        UpdateExpression: `SET steps = :steps${failure === undefined ? ' REMOVE failure' : ', failure = :failure'}`,
        ConditionExpression: 'redriveCount = :run AND #status <> :running',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':steps': steps,
          ':run': redriveCount,
          ':running': 'RUNNING',
          ...(failure === undefined ? {} : { ':failure': failure }),
        },
      });
      return isFirst(service, deployment, redriveCount, 'stepsCounted');
    },

    async noteRedrive({ service, deployment, redriveCount, redrivenBy }, by) {
      const run = String(redriveCount + 1);
      await update(service, deployment, {
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

    async dropRedrive({ service, deployment, redriveCount }, by) {
      await update(service, deployment, {
        UpdateExpression: 'REMOVE redrivenBy.#run',
        ConditionExpression: 'redrivenBy.#run = :by',
        ExpressionAttributeNames: { '#run': String(redriveCount + 1) },
        ExpressionAttributeValues: { ':by': by },
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

const valuesOf = ({ status, redriveCount, left, taskDefinition, error, message }: End, now: number) => ({
  status,
  endedAt: now,
  redriveCount,
  left,
  taskDefinition,
  error,
  message,
});

/** What an UpdateExpression sets of these values and, of those that are undefined, removes. */
function expressed(values: Record<string, unknown>) {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  const absent = Object.entries(values).filter(([, value]) => value === undefined);
  return {
    set: present.map(([name]) => `#${name} = :${name}`).join(', '),
    removed: absent.map(([name]) => `#${name}`),
    ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  };
}
