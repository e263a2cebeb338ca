import { required } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extended, waitState } from '#lib/operations/wait-state.ts';

/** Waits until the migration task has stopped and every essential container exited 0. */
export const handler = forState(
  waitState('migration', warn, (document, redrivenAt) => ({
    ...document,
    migration: extended(
      required(document.migration, 'migration'),
      redrivenAt,
      required(document.settings.migration, 'settings.migration').timeoutSeconds,
    ),
  })),
);
