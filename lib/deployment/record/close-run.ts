import type { RunResult } from '#lib/deployment/run-result.ts';
import {
  type DeploymentRecord,
  FormerRun,
  formerRunsOf,
  isResultCounted,
  KeptOfRecord,
  withFormerRun,
} from './record.ts';

/** What a record becomes. It stays undefined where the deployment has no record. */
interface Closing {
  item: DeploymentRecord | undefined;
  /** Whether this call is the first about the run: it notifies people or emits metrics. */
  isFirst: boolean;
}

/**
 * Closes the record of one run for good. Events arrive late and twice: only the first call about a run changes the record.
 * A later run may have opened it by then; the result of this one goes to the former runs.
 */
export function closeRun(record: DeploymentRecord | undefined, result: RunResult, now: number): Closing {
  const { redriveCount } = result;
  if (record === undefined || isResultCounted(record, redriveCount)) return { item: record, isFirst: false };
  const resultsCounted = new Set([...(record.resultsCounted ?? []), redriveCount]);
  const closed =
    record.redriveCount > redriveCount
      ? withFormerResult(record, result, now)
      : withLastResult(record, result, now);
  return { item: { ...closed, resultsCounted }, isFirst: true };
}

/**
 * Closes the record of a run that was found to be over, until `closeRun` does so. Changes nothing that is closed, and
 * nothing of a later run.
 */
export function closeRunProvisionally(
  record: DeploymentRecord | undefined,
  result: RunResult,
  now: number,
): Omit<Closing, 'isFirst'> {
  if (record?.status !== 'RUNNING' || record.redriveCount > result.redriveCount) return { item: record };
  return { item: { ...withLastResult(record, result, now), provisional: true } };
}

/**
 * Keeps the steps and the failure of a run that is over, unless a later run has begun. The steps of each run count once.
 */
export function keepHistory(
  record: DeploymentRecord | undefined,
  redriveCount: number,
  { steps, failure }: Pick<DeploymentRecord, 'steps' | 'failure'>,
): Closing {
  if (record === undefined) return { item: record, isFirst: false };
  const isLast = record.redriveCount === redriveCount && record.status !== 'RUNNING';
  const isFirst = record.stepsCounted?.has(redriveCount) !== true;
  if (!isLast && !isFirst) return { item: record, isFirst };
  const stepsCounted = new Set([...(record.stepsCounted ?? []), redriveCount]);
  return { item: { ...record, ...(isLast ? { steps, failure } : {}), stepsCounted }, isFirst };
}

/** The record with the result of its last run. What an earlier result or an earlier run left there is gone. */
const withLastResult = (record: DeploymentRecord, result: RunResult, now: number): DeploymentRecord => ({
  ...KeptOfRecord.parse(record),
  redrivenAt: record.redrivenAt,
  ...result,
  endedAt: now,
  // Re-driven into the midst of the pipeline, a run may end before a state has opened the record for it.
  runs: result.redriveCount > record.redriveCount ? formerRunsOf(record) : record.runs,
});

/** The record of a later run, with the result of this one among the former ones. */
function withFormerResult(record: DeploymentRecord, result: RunResult, now: number): DeploymentRecord {
  // It was over by the time that the next one began.
  const endedAt = Math.min(now, record.redrivenAt ?? now);
  return { ...record, runs: withFormerRun(record.runs ?? [], FormerRun.parse({ ...result, endedAt })) };
}
