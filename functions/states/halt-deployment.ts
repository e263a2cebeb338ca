import { now } from '#lib/aws/sdk/clock.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { requireValue, runOf } from '#lib/deployment/document.ts';
import { describeFailure, HaltedDeployment, isRedriven, runErrorOf } from '#lib/deployment/ending/halt.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { serviceOutcomeOf } from '#lib/deployment/ending/service-outcome-of.ts';
import { metricsOfUnsuccessfulRun } from '#lib/deployment/notify/change-metrics.ts';
import { notificationBaseOf } from '#lib/deployment/notify/notification.ts';
import { reportRunResult } from '#lib/middleware/report-run-result.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';

const deployments = createDeployments();

/**
 * The end of every failed deployment: frees the claim, notifies people, records the failure and throws it, so that the
 * execution ends FAILED here. Re-driven, the same Task runs again under a higher redrive count than the run that
 * failed, and then returns instead: the machine goes on to ClaimService.
 */
export const handler = forState(async ({ document, execution }) => {
  const failure = requireValue(document.failure, 'failure');
  if (isRedriven(document, failure, execution)) return resumeDocument(document, failure);

  const { service, deployment } = document;
  const { arn, redriveCount } = execution;
  const status = 'FAILED' as const;
  const error = runErrorOf(document, failure);
  const message = describeFailure(document, failure);
  const released = await tryToDo('free the claim', () =>
    claims.release(service, { owner: arn, redriveCount }, { document, at: now() }),
  );
  await tryToDo('put the result on record', async () => {
    // ClaimService opens the record with the claim. A deployment that failed to get its claim has none yet.
    if (document.claim?.redriveCount !== redriveCount)
      await deployments.open(document, { execution: arn, redriveCount }, now());
    const notification = { ...notificationBaseOf(document, execution), text: `${deployment}: ${message}` };
    const result = { status, redriveCount, serviceOutcome: serviceOutcomeOf(document), error, message };
    await reportRunResult({ result, notification }, () =>
      metricsOfUnsuccessfulRun(
        { service, status, error },
        document,
        runOf(execution),
        released?.brokenSince,
        now(),
      ),
    );
  });
  throw new HaltedDeployment(error, message);
});

/**
 * Bookkeeping must not hide the failure that it is about. What fails here is done by execution-ended, which sees every
 * execution end.
 */
async function tryToDo<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    logger.error(`HaltDeployment could not ${what}`, error as Error);
    return undefined;
  }
}
