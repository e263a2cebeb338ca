import { now } from '#lib/aws/sdk/clock.ts';
import { createRunResults } from '#lib/aws/table/run-results.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { createReportRunResult } from '#lib/operations/report-run-result.ts';
import { emitMetrics } from './metrics.ts';
import { installedNotifications } from './notifications.ts';

/** Reports to the notifications, the table and the metrics of this installation. */
export const installedReportRunResult = () =>
  createReportRunResult(createRunResults(installedTable()), installedNotifications(), emitMetrics, now);
