import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createHistories } from '#lib/aws/states/histories.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createRunResults, type RunResults } from '#lib/aws/table/run-results.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import {
  type EndedRun,
  ExecutionStatusChange,
  endedRunOf,
  runResultOf,
} from '#lib/deployment/ending/ended-run.ts';
import { metricsOfUnsuccessfulRun } from '#lib/deployment/notify/change-metrics.ts';
import { metricsOfSteps } from '#lib/deployment/notify/time-metrics.ts';
import { summarizeHistory } from '#lib/deployment/record/steps.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { setLogContext } from '#lib/middleware/log-context.ts';
import { logger } from '#lib/middleware/logger.ts';
import { type EmitMetrics, emitMetrics } from '#lib/middleware/metrics.ts';
import { installedReportRunResult } from '#lib/middleware/report-run-result.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import { createInterruptions, type Interruptions } from '#lib/operations/interruptions.ts';
import type { ReportRunResult } from '#lib/operations/report-run-result.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'open'>;
  runResults: Pick<RunResults, 'closeProvisionally' | 'keepHistory'>;
  interruptions: Interruptions;
  reportRunResult: ReportRunResult;
  emitMetrics: EmitMetrics;
  now: Now;
}

/**
 * Sees every execution end, also those that never reached HaltDeployment (stopped by an operator, timed out, a bug).
 * Frees the claim, closes the record, notifies people, and keeps the steps that Step Functions will forget. What the
 * service runs now, it reads from the execution's history. Acts only for the claim's owner, and once per run.
 */
export function createExecutionEnded({
  claims,
  deployments,
  runResults,
  interruptions,
  reportRunResult,
  emitMetrics,
  now,
}: Needs) {
  /** Frees the claim and closes the record at once: reading the history may fail for minutes. */
  async function closeProvisionally(ended: EndedRun): Promise<void> {
    const { execution, service, deployment, redriveCount } = ended;
    await claims.release(service, { owner: execution, redriveCount });
    await runResults.closeProvisionally(service, deployment, runResultOf(ended), now());
  }

  return async (event: ExecutionStatusChange): Promise<void> => {
    const ended = endedRunOf(event);
    const { execution, service, deployment, redriveCount, commit, build, github, status, error } = ended;
    setLogContext({ service, deployment, commit, build, execution });
    const { events, interruption, isLive } = await interruptions
      .read(execution, redriveCount)
      .catch(async (unreadable: unknown) => {
        await closeProvisionally(ended);
        throw unreadable;
      });
    const found = interruption && { document: interruption.document, at: interruption.enteredAt };
    const { brokenSince } = await claims.release(service, { owner: execution, redriveCount }, found);
    // ClaimService opens the record, unless that is what was interrupted.
    if (interruption?.state === 'ClaimService')
      await deployments.open(interruption.document, { execution, redriveCount }, ended.since);
    const result = runResultOf(ended, interruption);
    const { serviceOutcome, message } = result;
    const text = `${deployment} of ${service}: ${status}. ${message}`;
    const notification = {
      service,
      deployment,
      build,
      commit,
      github,
      text,
      run: { execution, redriveCount },
    };
    // Also where there is no record any more that says so, a release that is live has not been superseded.
    if (!isLive)
      await reportRunResult({ result, notification }, () =>
        metricsOfUnsuccessfulRun({ service, status, error }, found?.document, ended, brokenSince, now()),
      );
    const history = summarizeHistory(events);
    if (await runResults.keepHistory(service, deployment, redriveCount, history))
      emitMetrics(metricsOfSteps(service, history.steps, ended.since));
    logger.info('The end of the execution is on record', {
      status: isLive ? 'SUCCEEDED' : status,
      redriveCount,
      serviceOutcome,
    });
  };
}

export const handler = forEvent(
  ExecutionStatusChange,
  createExecutionEnded({
    claims: installedClaims(),
    deployments: createDeployments(installedTable()),
    runResults: createRunResults(installedTable()),
    interruptions: createInterruptions(createHistories()),
    reportRunResult: installedReportRunResult(),
    emitMetrics,
    now,
  }),
);
