import { type Claims, tableClaims } from '#lib/aws/claims.ts';
import { type Now, now } from '#lib/aws/clock.ts';
import { createDeployments, type Deployments } from '#lib/aws/deployments.ts';
import { createNotifications, type Notifications } from '#lib/aws/notifications.ts';
import { table } from '#lib/aws/table.ts';
import { required } from '#lib/deployment/document.ts';
import { figuresOfSuccess } from '#lib/deployment/figures.ts';
import { aboutDeployment } from '#lib/deployment/notification.ts';
import { logger } from '#lib/middleware/logger.ts';
import { type RecordFigures, record } from '#lib/middleware/metrics.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';

interface Needs {
  claims: Pick<Claims, 'complete'>;
  deployments: Pick<Deployments, 'close'>;
  notifications: Notifications;
  record: RecordFigures;
  now: Now;
}

/** Records the release as last known good and frees the claim in one write, then tells people. */
export function createCompleteDeployment({
  claims,
  deployments,
  notifications,
  record,
  now,
}: Needs): StateHandler {
  return async (input) => {
    const { document, execution } = input;
    const { service, deployment, release } = document;
    const { taskDefinition } = required(document.rollout, 'rollout');
    const { brokenSince } = await claims.complete(input, {
      deployment,
      taskDefinition,
      digest: release.digest,
      commit: release.commit,
      at: now(),
    });
    const left = 'LIVE' as const;
    const end = { status: 'SUCCEEDED' as const, redriveCount: execution.redriveCount, left, taskDefinition };
    const closed = await deployments.close(service, deployment, end, now());
    // Closed before: this is a retry of the same Task, and people have been told.
    if (closed) {
      record(figuresOfSuccess(document, now(), brokenSince));
      const text = `${service}: ${release.commit ?? release.digest} is live as ${taskDefinition} (deployment ${deployment}).`;
      await notifications.tell({ ...aboutDeployment(document, execution), status: 'SUCCEEDED', left, text });
    }
    return document;
  };
}

export const handler = forState(
  createCompleteDeployment({
    claims: tableClaims(),
    deployments: createDeployments(table()),
    notifications: createNotifications(logger),
    record,
    now,
  }),
);
