import { requireValue } from '#lib/deployment/document.ts';
import { warn } from '#lib/middleware/logger.ts';
import { forState } from '#lib/middleware/state.ts';
import { extendDeadline, installedWaitState } from '#lib/operations/wait-state.ts';

/** Waits until the migration task has stopped and every essential container exited 0. */
export const handler = forState(
  installedWaitState('migration', warn, (document, redrivenAt) => ({
    ...document,
    migration: extendDeadline(
      requireValue(document.migration, 'migration'),
      redrivenAt,
      requireValue(document.settings.migration, 'settings.migration').timeoutSeconds,
    ),
  })),
);
