import { requireValue } from '#lib/deployment/document.ts';
import { extendDeadline } from '#lib/deployment/rollout/deadline.ts';
import { forState } from '#lib/middleware/state.ts';
import { waitFor } from '#lib/operations/wait-state.ts';

/** Waits until the migration task has stopped and every essential container exited 0. */
export const handler = forState((input) =>
  waitFor('migration', input, (document, redrivenAt) => ({
    ...document,
    migration: extendDeadline(
      requireValue(document.migration, 'migration'),
      redrivenAt,
      requireValue(document.settings.migration, 'settings.migration').timeoutSeconds,
    ),
  })),
);
