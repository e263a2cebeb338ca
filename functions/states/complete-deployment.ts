import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { requireValue, runOf } from '#lib/deployment/document.ts';
import { metricsOfSuccess } from '#lib/deployment/notify/change-metrics.ts';
import { notificationBaseOf } from '#lib/deployment/notify/notification.ts';
import { installedReportRunResult } from '#lib/middleware/report-run-result.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, installedClaims } from '#lib/operations/claims.ts';
import type { ReportRunResult } from '#lib/operations/report-run-result.ts';

interface Needs {
  claims: Pick<Claims, 'complete'>;
  reportRunResult: ReportRunResult;
  now: Now;
}

/** Records the release as last known good and frees the claim in one write, then notifies people. */
export function createCompleteDeployment({ claims, reportRunResult, now }: Needs): StateHandler {
  return async (input) => {
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
  };
}

export const handler = forState(
  createCompleteDeployment({
    claims: installedClaims(),
    reportRunResult: installedReportRunResult(),
    now,
  }),
);
