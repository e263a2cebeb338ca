import { requireValue } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extendDeadline, installedWaitState } from '#lib/operations/wait-state.ts';

/** Waits until our deployment is the service's settled one. */
export const handler = forState(
  installedWaitState('rollout', warn, (document, redrivenAt) => ({
    ...document,
    rollout: extendDeadline(
      requireValue(document.rollout, 'rollout'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
