import { requireValue } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extendDeadline, installedWaitState } from '#lib/operations/wait-state.ts';

/** Waits until the rollback is the service's settled deployment, like any rollout. */
export const handler = forState(
  installedWaitState('rollback', warn, (document, redrivenAt) => ({
    ...document,
    rollback: extendDeadline(
      requireValue(document.rollback, 'rollback'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
