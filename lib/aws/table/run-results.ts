import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type DeploymentRecord,
  formerRunsOf,
  isResultCounted,
  withFormerRun,
} from '#lib/deployment/record/record.ts';
import type { RunResult } from '#lib/deployment/run-result.ts';
import {
  attemptOnRecord,
  buildSetExpression,
  readRecord,
  unchangedConditionOf,
  updateRecord,
} from './deployment-item.ts';
import { installedTable, type Table } from './table.ts';

/** The results of a deployment's runs, as its record keeps them. */
export interface RunResults {
  /** Whether `close` has closed this run. */
  isClosed(service: string, deployment: string, redriveCount: number): Promise<boolean>;
  /**
   * Closes the record of one run. One call gets true: it notifies people and emits the metrics. All others get false.
   * Events arrive late and twice. A later run may have opened the record again: then the first call about this run still
   * gets true, and puts it among the former runs. Fails with StateUnavailable.
   */
  close(service: string, deployment: string, result: RunResult, now: number): Promise<boolean>;
  /**
   * Closes the record of a run that was found to be over, until `close` does so for good. Changes nothing that is closed
   * already.
   */
  closeProvisionally(service: string, deployment: string, result: RunResult, now: number): Promise<void>;
  /**
   * Keeps the steps and the failure of a run that is over, unless a later run has begun. The first call about this run
   * gets true: it emits the metrics of the steps.
   */
  keepHistory(
    service: string,
    deployment: string,
    redriveCount: number,
    history: Pick<DeploymentRecord, 'steps' | 'failure'>,
  ): Promise<boolean>;
}

export function createRunResults(table: Table = installedTable()): RunResults {
  /** Puts a run among the former ones: a later run has opened the record. Undefined where another writer was faster. */
  async function closeFormer(
    kept: DeploymentRecord,
    { status, redriveCount, serviceOutcome, error, message }: RunResult,
    now: number,
  ): Promise<boolean | undefined> {
    const { resultsCounted, runs = [] } = kept;
    if (isResultCounted(kept, redriveCount)) return false;
    // It was over by the time that the next one began.
    const endedAt = Math.min(now, kept.redrivenAt ?? now);
    const former = { redriveCount, status, endedAt, error, message, serviceOutcome };
    const isClosed = await updateRecord(table, kept.service, kept.deployment, {
      UpdateExpression: 'SET runs = :runs ADD resultsCounted :counted',
      ConditionExpression: `redriveCount = :run AND ${resultsCounted === undefined ? 'attribute_not_exists(resultsCounted)' : 'resultsCounted = :read'}`,
      ExpressionAttributeValues: {
        ':runs': withFormerRun(runs, former),
        ':counted': new Set([redriveCount]),
        ':run': kept.redriveCount,
        ...(resultsCounted === undefined ? {} : { ':read': resultsCounted }),
      },
    });
    return isClosed || undefined;
  }

  return {
    async isClosed(service, deployment, redriveCount) {
      const kept = await readRecord(table, service, deployment);
      return kept !== undefined && isResultCounted(kept, redriveCount);
    },

    async close(service, deployment, result, now) {
      const { redriveCount } = result;
      const values = valuesOf(result, now);
      const close = (condition: Condition, former: Record<string, unknown>) => {
        const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = buildSetExpression({
          ...values,
          ...former,
        });
        return updateRecord(table, service, deployment, {
          // What an earlier run went through is not how this one went.
          UpdateExpression: `SET ${set} REMOVE ${['provisional', 'steps', 'failure', ...removed].join(', ')} ADD resultsCounted :counted`,
          ConditionExpression: condition.ConditionExpression,
          ExpressionAttributeNames,
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ...condition.ExpressionAttributeValues,
            ':counted': new Set([redriveCount]),
          },
        });
      };
      if (await close(openRunConditionOf(redriveCount), {})) return true;
      return attemptOnRecord(table, service, deployment, async (kept) => {
        if (kept === undefined) return false;
        if (kept.redriveCount > redriveCount) return closeFormer(kept, result, now);
        // Re-driven into the midst of the pipeline, where no state has opened the record.
        if (kept.redriveCount < redriveCount)
          return (await close(unchangedConditionOf(kept), { runs: formerRunsOf(kept) })) || undefined;
        // A state has opened it only now.
        if (kept.status === 'RUNNING')
          return (await close(openRunConditionOf(redriveCount), {})) || undefined;
        // Where an answer was lost, the SDK's next attempt meets the write of the one before: it was this call's.
        const found: Record<string, unknown> = { ...kept };
        return Object.entries(values).every(([name, value]) => found[name] === value);
      });
    },

    async closeProvisionally(service, deployment, result, now) {
      const { set, removed, ExpressionAttributeNames, ExpressionAttributeValues } = buildSetExpression(
        valuesOf(result, now),
      );
      await updateRecord(table, service, deployment, {
        UpdateExpression: `SET ${set}, provisional = :provisional${removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`}`,
        ConditionExpression: 'redriveCount <= :redriveCount AND #status = :running',
        ExpressionAttributeNames,
        ExpressionAttributeValues: {
          ...ExpressionAttributeValues,
          ':running': 'RUNNING',
          ':provisional': true,
        },
      });
    },

    async keepHistory(service, deployment, redriveCount, { steps, failure }) {
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

/** The record is open for this run, or closed provisionally. */
const openRunConditionOf = (redriveCount: number): Condition => ({
  ConditionExpression: 'redriveCount = :run AND (#status = :running OR attribute_exists(provisional))',
  ExpressionAttributeValues: { ':run': redriveCount, ':running': 'RUNNING' },
});

const valuesOf = (
  { status, redriveCount, serviceOutcome, taskDefinition, error, message }: RunResult,
  now: number,
) => ({
  status,
  endedAt: now,
  redriveCount,
  serviceOutcome,
  taskDefinition,
  error,
  message,
});
