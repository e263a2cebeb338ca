import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { type DeploymentRecord, formerRunsOf, KeptOfRecord } from './record.ts';

/** One run of an execution: 0 before the first redrive. */
export interface Run {
  /** ARN. */
  execution: string;
  redriveCount: number;
}

const DAY_SECONDS = 24 * 3600;

/** Whether this run has opened the record, or one after it. */
export const isOpenFor = (
  record: DeploymentRecord | undefined,
  { redriveCount }: Pick<Run, 'redriveCount'>,
): record is DeploymentRecord => record !== undefined && record.redriveCount >= redriveCount;

/**
 * The record once this run has begun. The last run moves to the former ones, and what belonged to it alone is gone. A
 * record that is open for this run or a later one is unchanged: a second invocation may come after its end.
 */
export function openRun(
  record: DeploymentRecord | undefined,
  document: DeploymentDocument,
  run: Run,
  now: number,
): DeploymentRecord {
  if (isOpenFor(record, run)) return record;
  const { execution, redriveCount } = run;
  const kept = record === undefined ? firstKept(document, execution, now) : KeptOfRecord.parse(record);
  return {
    ...kept,
    status: 'RUNNING',
    redriveCount,
    redrivenAt: redriveCount === 0 ? undefined : now,
    runs: record && formerRunsOf(record),
    expiresAt: Math.ceil(now / 1000) + document.settings.history.days * DAY_SECONDS,
  };
}

/** What every run will keep, of a deployment that has no record yet. */
const firstKept = (
  { service, deployment, release, trigger }: DeploymentDocument,
  execution: string,
  now: number,
) => ({
  deployment,
  service,
  execution,
  startedAt: now,
  commit: release.commit,
  digest: release.digest,
  build: release.build?.id,
  trigger,
  bundle: release.bundle,
});
