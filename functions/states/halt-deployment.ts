import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { table } from '#lib/aws/table/table.ts';
import { required, runOf } from '#lib/deployment/document.ts';
import { describeFailure, endingOf, HaltedDeployment, isRedriven } from '#lib/deployment/ending/halt.ts';
import { resumeDocument } from '#lib/deployment/ending/resume.ts';
import { leftOf } from '#lib/deployment/ending/what-is-left.ts';
import { figuresOfEnd } from '#lib/deployment/notify/change-figures.ts';
import { aboutDeployment } from '#lib/deployment/notify/notification.ts';
import { tableEndings } from '#lib/middleware/endings.ts';
import { logger } from '#lib/middleware/logger.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, tableClaims } from '#lib/operations/claims.ts';
import type { Endings } from '#lib/operations/endings.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'open'>;
  endings: Endings;
  now: Now;
}

/**
 * The end of every failed deployment: frees the claim, tells people, records the failure and throws it, so that the
 * execution ends FAILED here. Re-driven, the same Task runs again under a higher redrive count than the run that
 * failed, and then returns instead: the machine goes on to ClaimService.
 */
export function createHaltDeployment({ claims, deployments, endings, now }: Needs): StateHandler {
  return async ({ document, execution }) => {
    const failure = required(document.failure, 'failure');
    if (isRedriven(document, failure, execution)) return resumeDocument(document, failure);

    const { service, deployment } = document;
    const { arn, redriveCount } = execution;
    const status = 'FAILED' as const;
    const error = endingOf(document, failure);
    const message = describeFailure(document, failure);
    const released = await bestEffort('free the claim', () =>
      claims.release(service, { owner: arn, redriveCount }, { document, at: now() }),
    );
    await bestEffort('put the end on record', async () => {
      // Where the claim is got the record is opened, unless getting it is what failed.
      if (document.claim?.redriveCount !== redriveCount)
        await deployments.open(document, { execution: arn, redriveCount }, now());
      const about = { ...aboutDeployment(document, execution), text: `${deployment}: ${message}` };
      await endings.tell({ about, status, redriveCount, left: leftOf(document), error, message }, () =>
        figuresOfEnd({ service, status, error }, document, runOf(execution), released?.brokenSince, now()),
      );
    });
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
    endings: tableEndings(),
    now,
  }),
);
