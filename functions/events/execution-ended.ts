import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/deployments.ts';
import { createNotifications, type Notifications } from '#lib/aws/notifications.ts';
import { table } from '#lib/aws/table.ts';
import { ExecutionEnded, endOf } from '#lib/deployment/execution-end.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { logger } from '#lib/middleware/logger.ts';

interface Needs {
  claims: Pick<Claims, 'release'>;
  deployments: Pick<Deployments, 'close'>;
  notifications: Notifications;
  now: Now;
}

/**
 * Sees every execution end, also those that never reached HaltDeployment (stopped by an operator, timed out, a bug):
 * frees the claim, closes the record, tells people. Acts only for the claim's owner, and once per run.
 */
export function createExecutionEnded({ claims, deployments, notifications, now }: Needs) {
  return async (event: ExecutionEnded): Promise<void> => {
    const { execution, service, deployment, end, text } = endOf(event);
    logger.appendKeys({ execution, deployment, target: service });
    await claims.release(service, { owner: execution, redriveCount: end.redriveCount });
    const closed = await deployments.close(service, deployment, end, now());
    if (!closed || end.status === 'SUPERSEDED') return;
    await notifications.tell({ service, deployment, status: end.status, error: end.error, text });
  };
}

export const handler = forEvent(
  ExecutionEnded,
  createExecutionEnded({
    claims: tableClaims(),
    deployments: createDeployments(table()),
    notifications: createNotifications((message, error) => logger.warn(message, error)),
    now,
  }),
);
