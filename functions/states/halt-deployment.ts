import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/deployments.ts';
import { createNotifications, type Notifications } from '#lib/aws/notifications.ts';
import { table } from '#lib/aws/table.ts';
import { required } from '#lib/deployment/document.ts';
import { figuresOfEnd } from '#lib/deployment/figures.ts';
import { describeFailure, endingOf, HaltedDeployment, isRedriven } from '#lib/deployment/halt.ts';
import { leftOf } from '#lib/deployment/left.ts';
import { aboutDeployment } from '#lib/deployment/notification.ts';
import { resumeDocument } from '#lib/deployment/resume.ts';
import { logger } from '#lib/middleware/logger.ts';
import { type RecordFigures, record } from '#lib/middleware/metrics.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'open' | 'close'>;
  notifications: Notifications;
  record: RecordFigures;
  now: Now;
}

/**
 * The end of every failed deployment: records the failure, frees the claim, tells people and throws the failure, so
 * that the execution ends FAILED here. Re-driven, the same Task runs again under a higher redrive count than the run
 * that failed, and then returns instead: the machine goes on to ClaimService.
 */
export function createHaltDeployment({
  claims,
  deployments,
  notifications,
  record,
  now,
}: Needs): StateHandler {
  return async ({ document, execution }) => {
    const failure = required(document.failure, 'failure');
    if (isRedriven(document, failure, execution)) return resumeDocument(document, failure);

    const { service, deployment } = document;
    const error = endingOf(document, failure);
    const message = describeFailure(document, failure);
    const left = leftOf(document);
    const end = { status: 'FAILED' as const, redriveCount: execution.redriveCount, left, error, message };
    const closed = await bestEffort('close the record', async () => {
      // ClaimService opens it, unless that is what failed.
      if (failure.state === 'ClaimService')
        await deployments.open(
          document,
          { execution: execution.arn, redriveCount: execution.redriveCount },
          now(),
        );
      return deployments.close(service, deployment, end, now());
    });
    await bestEffort('free the claim', () =>
      claims.release(
        service,
        { owner: execution.arn, redriveCount: execution.redriveCount },
        { document, at: now() },
      ),
    );
    // Where the record could not be closed, execution-ended counts the end.
    if (closed) record(figuresOfEnd({ service, status: 'FAILED', error }, document, now()));
    // Closed before: this is a retry of the same Task, and people have been told.
    if (closed !== false) {
      const text = `${deployment}: ${message}`;
      await notifications.tell({
        ...aboutDeployment(document, execution),
        status: 'FAILED',
        left,
        error,
        text,
      });
    }
    throw new HaltedDeployment(error, message);
  };
}

/**
 * Bookkeeping must not hide the failure that it is about. What is left undone here is done by execution-ended, which
 * sees every execution end.
 */
async function bestEffort<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    logger.error(`HaltDeployment could not ${what}`, error as Error);
    return undefined;
  }
}

export const handler = forState(
  createHaltDeployment({
    claims: tableClaims(),
    deployments: createDeployments(table()),
    notifications: createNotifications(logger),
    record,
    now,
  }),
);
