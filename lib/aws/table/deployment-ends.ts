import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Left } from '#lib/deployment/left.ts';
import {
  type DeploymentRecord,
  formerRuns,
  isEndCounted,
  withFormerRun,
} from '#lib/deployment/record/record.ts';
import { expressed, onRecord, readRecord, unchanged, updateRecord } from './deployment-item.ts';
import type { Table } from './table.ts';

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

/** What the record of a deployment says of the ends of its runs. */
export interface DeploymentEnds {
  /** Whether this run has been closed by whoever had to tell of its end. */
  isClosed(service: string, deployment: string, redriveCount: number): Promise<boolean>;
  /**
   * Closes the record of one run. True for the one call that does, whose it then is to tell and to count the end. False
   * when there is nothing to close: it is closed already. Events arrive late and twice: where a later run has opened
   * the record again, the first to tell of this one gets true all the same, and puts it among the former runs. Fails with
   * StateUnavailable.
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
}

export function createDeploymentEnds(table: Table): DeploymentEnds {
  /** Puts a run on record that is over while a later one has begun. Undefined where another writer was faster. */
  async function closeFormer(
    kept: DeploymentRecord,
    { status, redriveCount, left, error, message }: End,
    now: number,
  ): Promise<boolean | undefined> {
    const { endsCounted, runs = [] } = kept;
    if (isEndCounted(kept, redriveCount)) return false;
    // It was over by the time that the next one began.
    const endedAt = Math.min(now, kept.redrivenAt ?? now);
    const former = { redriveCount, status, endedAt, error, message, left };
    const isClosed = await updateRecord(table, kept.service, kept.deployment, {
      UpdateExpression: 'SET runs = :runs ADD endsCounted :counted',
      ConditionExpression: `redriveCount = :run AND ${endsCounted === undefined ? 'attribute_not_exists(endsCounted)' : 'endsCounted = :read'}`,
      ExpressionAttributeValues: {
        ':runs': withFormerRun(runs, former),
        ':counted': new Set([redriveCount]),
        ':run': kept.redriveCount,
        ...(endsCounted === undefined ? {} : { ':read': endsCounted }),
      },
    });
    return isClosed || undefined;
  }

  return {
    async isClosed(service, deployment, redriveCount) {
      const kept = await readRecord(table, service, deployment);
      return kept !== undefined && isEndCounted(kept, redriveCount);
    },

    async close(service, deployment, end, now) {
      const { redriveCount } = end;
      const values = valuesOf(end, now);
      const close = (condition: Condition, former: Record<string, unknown>) => {
        const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed({
          ...values,
          ...former,
        });
        return updateRecord(table, service, deployment, {
          // What an earlier run went through is not how this one went.
          UpdateExpression: `SET ${set} REMOVE ${['presumed', 'steps', 'failure', ...removed].join(', ')} ADD endsCounted :counted`,
          ConditionExpression: condition.ConditionExpression,
          ExpressionAttributeNames,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ...condition.ExpressionAttributeValues,
            ':counted': new Set([redriveCount]),
          },
        });
      };
      if (await close(openRun(redriveCount), {})) return true;
      return onRecord(table, service, deployment, async (kept) => {
        if (kept === undefined) return false;
        if (kept.redriveCount > redriveCount) return closeFormer(kept, end, now);
        // Re-driven into the midst of the pipeline, where no state has opened the record.
        if (kept.redriveCount < redriveCount)
          return (await close(unchanged(kept), { runs: formerRuns(kept) })) || undefined;
        // A state has opened it only now.
        if (kept.status === 'RUNNING') return (await close(openRun(redriveCount), {})) || undefined;
        // Where an answer was lost, the SDK's next attempt meets the write of the one before: it was this call's.
        const found: Record<string, unknown> = { ...kept };
        return Object.entries(values).every(([name, value]) => found[name] === value);
      });
    },

    async presume(service, deployment, end, now) {
      const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = expressed(
        valuesOf(end, now),
      );
      await updateRecord(table, service, deployment, {
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
      await updateRecord(table, service, deployment, {
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
      return updateRecord(table, service, deployment, {
        UpdateExpression: 'ADD stepsCounted :runs',
        ConditionExpression: 'attribute_exists(pk) AND NOT contains(stepsCounted, :run)',
        ExpressionAttributeValues: { ':runs': new Set([redriveCount]), ':run': redriveCount },
      });
    },
  };
}

type Condition = Pick<UpdateCommandInput, 'ConditionExpression' | 'ExpressionAttributeValues'>;

/** The condition that the record is open for this run, or closed only until its end is told. */
const openRun = (redriveCount: number): Condition => ({
  ConditionExpression: 'redriveCount = :run AND (#status = :running OR attribute_exists(presumed))',
  ExpressionAttributeValues: { ':run': redriveCount, ':running': 'RUNNING' },
});

const valuesOf = ({ status, redriveCount, left, taskDefinition, error, message }: End, now: number) => ({
  status,
  endedAt: now,
  redriveCount,
  left,
  taskDefinition,
  error,
  message,
});
