import { requireValue } from '#lib/deployment/document.ts';
import { extendDeadline } from '#lib/deployment/rollout/deadline.ts';
import { forState } from '#lib/middleware/state.ts';
import { waitFor } from '#lib/operations/wait-state.ts';

/** Waits until our deployment is the service's settled one. */
export const handler = forState((input) =>
  waitFor('rollout', input, (document, redrivenAt) => ({
    ...document,
    rollout: extendDeadline(
      requireValue(document.rollout, 'rollout'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
