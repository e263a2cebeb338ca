import type { DeploymentRecord } from './record.ts';

/**
 * Notes who asks for the run after this one. Notes nothing while a run is under way, where a later one has begun, and
 * where somebody has asked for it before.
 */
export function noteRedrive(
  record: DeploymentRecord | undefined,
  redriveCount: number,
  requestedBy: string,
): { item: DeploymentRecord | undefined; isNoted: boolean } {
  const next = String(redriveCount + 1);
  if (!isOver(record, redriveCount) || record.redriveRequestedBy?.[next] !== undefined)
    return { item: record, isNoted: false };
  const redriveRequestedBy = { ...record.redriveRequestedBy, [next]: requestedBy };
  return { item: { ...record, redriveRequestedBy }, isNoted: true };
}

/** Takes that back, unless the run has begun. */
export function dropRedrive(
  record: DeploymentRecord | undefined,
  redriveCount: number,
): { item: DeploymentRecord | undefined } {
  if (!isOver(record, redriveCount)) return { item: record };
  const { [String(redriveCount + 1)]: _dropped, ...redriveRequestedBy } = record.redriveRequestedBy ?? {};
  return { item: { ...record, redriveRequestedBy } };
}

/** Whether this run is the last one, and over. */
const isOver = (record: DeploymentRecord | undefined, redriveCount: number): record is DeploymentRecord =>
  record !== undefined && record.redriveCount === redriveCount && record.status !== 'RUNNING';
