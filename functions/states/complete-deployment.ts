import { now } from '#lib/aws/sdk/clock.ts';
import { requireValue, runOf } from '#lib/deployment/document.ts';
import { metricsOfSuccess } from '#lib/deployment/notify/change-metrics.ts';
import { notificationBaseOf } from '#lib/deployment/notify/notification.ts';
import { reportRunResult } from '#lib/middleware/report-run-result.ts';
import { forState } from '#lib/middleware/state.ts';
import * as claims from '#lib/operations/claims.ts';

/** Records the release as last known good and frees the claim in one write, then notifies people. */
export const handler = forState(async (input) => {
  const { document, execution } = input;
  const { service, deployment, release } = document;
  const { taskDefinition } = requireValue(document.rollout, 'rollout');
  const before = await claims.complete(input, {
    deployment,
    taskDefinition,
    digest: release.digest,
    commit: release.commit,
    at: now(),
  });
  const text = `${service}: ${release.commit ?? release.digest} is live as ${taskDefinition} (deployment ${deployment}).`;
  const { redriveCount } = execution;
  await reportRunResult(
    {
      result: { status: 'SUCCEEDED', redriveCount, serviceOutcome: 'LIVE', taskDefinition },
      notification: { ...notificationBaseOf(document, execution), text },
    },
    () => metricsOfSuccess(document, runOf(execution), before, now()),
  );
  return document;
});
