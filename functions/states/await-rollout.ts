import { required } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extended, waitState } from '#lib/operations/wait-state.ts';

/** Waits until our deployment is the service's settled one. */
export const handler = forState(
  waitState('rollout', warn, (document, redrivenAt) => ({
    ...document,
    rollout: extended(
      required(document.rollout, 'rollout'),
      redrivenAt,
      document.settings.rollout.timeoutSeconds,
    ),
  })),
);
