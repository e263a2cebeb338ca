import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createHistories } from '#lib/aws/states/histories.ts';
import { createDeploymentEnds, type DeploymentEnds } from '#lib/aws/table/deployment-ends.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { table } from '#lib/aws/table/table.ts';
import { accountOf, type ExecutionEnd, ExecutionEnded, endOf } from '#lib/deployment/ending/execution-end.ts';
import { figuresOfEnd } from '#lib/deployment/notify/change-figures.ts';
import { figuresOfSteps } from '#lib/deployment/notify/time-figures.ts';
import { courseOf } from '#lib/deployment/record/steps.ts';
import { tableEndings } from '#lib/middleware/endings.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { logger } from '#lib/middleware/logger.ts';
import { type RecordFigures, record } from '#lib/middleware/metrics.ts';
import { concern } from '#lib/middleware/subject.ts';
import { type Claims, tableClaims } from '#lib/operations/claims.ts';
import type { Endings } from '#lib/operations/endings.ts';
import { createInterruptions, type Interruptions } from '#lib/operations/interruptions.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'open'>;
  ends: Pick<DeploymentEnds, 'presume' | 'keep'>;
  interruptions: Interruptions;
  endings: Endings;
  record: RecordFigures;
  now: Now;
}

/**
 * Sees every execution end, also those that never reached HaltDeployment (stopped by an operator, timed out, a bug):
 * frees the claim, closes the record, tells people, and keeps the steps that Step Functions will forget. What is left
 * running it reads from the execution's history. Acts only for the claim's owner, and once per run.
 */
export function createExecutionEnded({
  claims,
  deployments,
  ends,
  interruptions,
  endings,
  record,
  now,
}: Needs) {
  /** Nobody has to wait for the claim, and no record stays open, until the history can be read again. */
  async function presume(ended: ExecutionEnd): Promise<void> {
    const { execution, service, deployment, redriveCount } = ended;
    await claims.release(service, { owner: execution, redriveCount });
    await ends.presume(service, deployment, accountOf(ended), now());
  }

  return async (event: ExecutionEnded): Promise<void> => {
    const ended = endOf(event);
    const { execution, service, deployment, redriveCount, commit, build, github, status, error } = ended;
    concern({ service, deployment, commit, build, execution });
    const { events, interruption, isLive } = await interruptions
      .read(execution, redriveCount)
      .catch(async (unreadable: unknown) => {
        await presume(ended);
        throw unreadable;
      });
    const found = interruption && { document: interruption.document, at: interruption.enteredAt };
    const { brokenSince } = await claims.release(service, { owner: execution, redriveCount }, found);
    // ClaimService opens the record, unless that is what was interrupted.
    if (interruption?.state === 'ClaimService')
      await deployments.open(interruption.document, { execution, redriveCount }, ended.since);
    const end = accountOf(ended, interruption);
    const { left, message } = end;
    const text = `${deployment} of ${service}: ${status}. ${message}`;
    const about = { service, deployment, build, commit, github, text, run: { execution, redriveCount } };
    // Also where there is no record any more that says so, a release that is live has not been superseded.
    if (!isLive)
      await endings.tell({ ...end, about, status }, () =>
        figuresOfEnd({ service, status, error }, found?.document, ended, brokenSince, now()),
      );
    const course = courseOf(events);
    if (await ends.keep(service, deployment, redriveCount, course))
      record(figuresOfSteps(service, course.steps, ended.since));
    logger.info('The end of the execution is on record', {
      status: isLive ? 'SUCCEEDED' : status,
      redriveCount,
      left,
    });
  };
}

export const handler = forEvent(
  ExecutionEnded,
  createExecutionEnded({
    claims: tableClaims(),
    deployments: createDeployments(table()),
    ends: createDeploymentEnds(table()),
    interruptions: createInterruptions(createHistories()),
    endings: tableEndings(),
    record,
    now,
  }),
);
