import { now } from '#lib/aws/sdk/clock.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createRunResults } from '#lib/aws/table/run-results.ts';
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
import { emitMetrics } from '#lib/middleware/metrics.ts';
import { reportRunResult } from '#lib/middleware/report-run-result.ts';
import * as claims from '#lib/operations/claims.ts';
import { readInterruption } from '#lib/operations/interruptions.ts';

const deployments = createDeployments();
const runResults = createRunResults();

/**
 * Sees every execution end, also those that never reached HaltDeployment (stopped by an operator, timed out, a bug).
 * Frees the claim, closes the record, notifies people, and keeps the steps that Step Functions will forget. What the
 * service runs now, it reads from the execution's history. Acts only for the claim's owner, and once per run: any of
 * its effects may have been had before, by HaltDeployment or by this function, which is called again when it fails.
 */
export const handler = forEvent(ExecutionStatusChange, async (event) => {
  const ended = endedRunOf(event);
  const { execution, service, deployment, redriveCount, commit, build, github, status, error } = ended;
  setLogContext({ service, deployment, commit, build, execution });
  const run = { execution, redriveCount };

  // 1. Read the history, since the claim and the result are about what the run has done.
  const { events, interruption, isLive } = await readInterruption(execution, redriveCount).catch(
    async (unreadable: unknown) => {
      await closeProvisionally(ended);
      throw unreadable;
    },
  );
  const found = interruption && { document: interruption.document, at: interruption.enteredAt };

  // 2. Free the claim before anything that people or GitHub could delay: others wait for it.
  const { brokenSince } = await claims.release(service, { owner: execution, redriveCount }, found);

  // 3. Open the record, so that 4 has one to close. ClaimService opens it, unless that is what was interrupted.
  if (interruption?.state === 'ClaimService') await deployments.open(interruption.document, run, ended.since);

  // 4. Report the result, with the metrics of how the service was before 2. What is live was reported as such: also
  // where no record says so any more, it has not been superseded.
  const result = runResultOf(ended, interruption);
  const text = `${deployment} of ${service}: ${status}. ${result.message}`;
  if (!isLive)
    await reportRunResult(
      { result, notification: { service, deployment, build, commit, github, text, run } },
      () => metricsOfUnsuccessfulRun({ service, status, error }, found?.document, ended, brokenSince, now()),
    );

  // 5. Keep the steps last, as only a closed record takes them. Whoever reads it meanwhile gets them from the history.
  const history = summarizeHistory(events);
  if (await runResults.keepHistory(service, deployment, redriveCount, history))
    emitMetrics(metricsOfSteps(service, history.steps, ended.since));

  logger.info('The end of the execution is on record', {
    status: isLive ? 'SUCCEEDED' : status,
    redriveCount,
    serviceOutcome: result.serviceOutcome,
  });
});

/** Frees the claim and closes the record at once: reading the history may fail for minutes. */
async function closeProvisionally(ended: EndedRun): Promise<void> {
  const { execution, service, deployment, redriveCount } = ended;
  await claims.release(service, { owner: execution, redriveCount });
  await runResults.closeProvisionally(service, deployment, runResultOf(ended), now());
}
