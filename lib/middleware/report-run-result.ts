import { now } from '#lib/aws/sdk/clock.ts';
import { createRunResults } from '#lib/aws/table/run-results.ts';
import type { Metric } from '#lib/deployment/notify/metrics.ts';
import type { Notification } from '#lib/deployment/notify/notification.ts';
import type { RunResult } from '#lib/deployment/run-result.ts';
import { emitMetrics } from './metrics.ts';
import { notifications } from './notifications.ts';

const runResults = createRunResults();

/** A run's result, and what its notification says beside it. */
interface RunReport {
  result: RunResult;
  notification: Omit<Notification, 'status' | 'serviceOutcome' | 'error'>;
}

/**
 * Notifies people of a result, records it and emits its metrics, unless that has been done. Notifies first: the function
 * may be cut short in between, and then its next attempt notifies twice instead of never.
 */
export async function reportRunResult(
  { result, notification }: RunReport,
  metrics: () => readonly Metric[],
): Promise<void> {
  const { service, deployment } = notification;
  const { status, serviceOutcome, error, redriveCount } = result;
  if (!(await runResults.isClosed(service, deployment, redriveCount)))
    await notifications.send({ ...notification, status, serviceOutcome, error });
  if (await runResults.close(service, deployment, result, now())) emitMetrics(metrics());
}
