import { required } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extended, waitState } from '#lib/operations/wait-state.ts';

/** Waits until the way back is the service's settled deployment, like any rollout. */
export const handler = forState(
  waitState('rollback', warn, (document, redrivenAt) => ({
    ...document,
    rollback: extended(
      required(document.rollback, 'rollback'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
