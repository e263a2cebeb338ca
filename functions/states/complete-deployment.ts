import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { required, runOf } from '#lib/deployment/document.ts';
import { figuresOfSuccess } from '#lib/deployment/notify/change-figures.ts';
import { aboutDeployment } from '#lib/deployment/notify/notification.ts';
import { tableEndings } from '#lib/middleware/endings.ts';
import { forState, type StateHandler } from '#lib/middleware/state.ts';
import { type Claims, tableClaims } from '#lib/operations/claims.ts';
import type { Endings } from '#lib/operations/endings.ts';

interface Needs {
  claims: Pick<Claims, 'complete'>;
  endings: Endings;
  now: Now;
}

/** Records the release as last known good and frees the claim in one write, then tells people. */
export function createCompleteDeployment({ claims, endings, now }: Needs): StateHandler {
  return async (input) => {
    const { document, execution } = input;
    const { service, deployment, release } = document;
    const { taskDefinition } = required(document.rollout, 'rollout');
    const before = await claims.complete(input, {
      deployment,
      taskDefinition,
      digest: release.digest,
      commit: release.commit,
      at: now(),
    });
    const text = `${service}: ${release.commit ?? release.digest} is live as ${taskDefinition} (deployment ${deployment}).`;
    await endings.tell(
      {
        about: { ...aboutDeployment(document, execution), text },
        status: 'SUCCEEDED',
        redriveCount: execution.redriveCount,
        left: 'LIVE',
        taskDefinition,
      },
      () => figuresOfSuccess(document, runOf(execution), before, now()),
    );
    return document;
  };
}

export const handler = forState(
  createCompleteDeployment({
    claims: tableClaims(),
    endings: tableEndings(),
    now,
  }),
);
