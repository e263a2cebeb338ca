import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/deployments.ts';
import { createHistories, type Histories } from '#lib/aws/histories.ts';
import { createNotifications, type Notifications } from '#lib/aws/notifications.ts';
import { table } from '#lib/aws/table.ts';
import { ExecutionEnded, endOf } from '#lib/deployment/execution-end.ts';
import { figuresOfEnd, figuresOfSteps } from '#lib/deployment/figures.ts';
import { courseOf } from '#lib/deployment/steps.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { logger } from '#lib/middleware/logger.ts';
import { type RecordFigures, record } from '#lib/middleware/metrics.ts';
import { concern } from '#lib/middleware/subject.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'close' | 'keep'>;
  histories: Histories;
  notifications: Notifications;
  record: RecordFigures;
  now: Now;
}

/**
 * Sees every execution end, also those that never reached HaltDeployment (stopped by an operator, timed out, a bug):
 * frees the claim, closes the record, tells people, and keeps the steps that Step Functions will forget. Acts only for
 * the claim's owner, and once per run.
 */
export function createExecutionEnded({ claims, deployments, histories, notifications, record, now }: Needs) {
  return async (event: ExecutionEnded): Promise<void> => {
    const { execution, service, deployment, commit, build, github, since, end, text } = endOf(event);
    concern({ service, deployment, commit, build, execution });
    await claims.release(service, { owner: execution, redriveCount: end.redriveCount });
    const closed = await deployments.close(service, deployment, end, now());
    if (closed) record(figuresOfEnd({ service, status: end.status, error: end.error }));
    if (closed)
      await notifications.tell({
        service,
        deployment,
        build,
        status: end.status,
        commit,
        error: end.error,
        text,
        run: { execution, redriveCount: end.redriveCount },
        github,
      });
    const course = courseOf(await histories.read(execution));
    await deployments.keep(service, deployment, end.redriveCount, course);
    record(figuresOfSteps(service, course.steps, since));
    logger.info('The end of the execution is on record', {
      status: end.status,
      redriveCount: end.redriveCount,
    });
  };
}

export const handler = forEvent(
  ExecutionEnded,
  createExecutionEnded({
    claims: tableClaims(),
    deployments: createDeployments(table()),
    histories: createHistories(),
    notifications: createNotifications(logger),
    record,
    now,
  }),
);
