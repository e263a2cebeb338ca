import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { readServiceStatus } from '#lib/operations/service-status.ts';
import { readServiceTasks } from '#lib/operations/service-tasks.ts';

/**
 * GET /services/{service}: what runs, which of it is healthy, what failed, who holds the claim, who waits, the freeze, the
 * last known good and the latest deployment.
 */
export const handler = forRoute({}, async ({ service }) => ({
  status: 200,
  body: await readServiceStatus(service, settingsOf(readServices(), service), readServiceTasks),
}));
