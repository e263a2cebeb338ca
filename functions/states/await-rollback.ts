import { requireValue } from '#lib/deployment/document.ts';
import { extendDeadline } from '#lib/deployment/rollout/deadline.ts';
import { forState } from '#lib/middleware/state.ts';
import { waitFor } from '#lib/operations/wait-state.ts';

/** Waits until the rollback is the service's settled deployment, like any rollout. */
export const handler = forState((input) =>
  waitFor('rollback', input, (document, redrivenAt) => ({
    ...document,
    rollback: extendDeadline(
      requireValue(document.rollback, 'rollback'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
