import { createBalancers } from '#lib/aws/balancers.ts';
import { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import { createTasks } from '#lib/aws/ecs/tasks.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { warn } from '#lib/middleware/logger.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { installedServiceStatus, type ServiceStatus } from '#lib/operations/service-status.ts';
import { createServiceTasks } from '#lib/operations/service-tasks.ts';

interface Needs {
  services: () => Services;
  status: ServiceStatus;
}

/**
 * GET /services/{service}: what runs, which of it is healthy, what failed, who holds the claim, who waits, the freeze, the
 * last known good and the latest deployment.
 */
export function createGetService({ services, status }: Needs) {
  return async ({ service }: ApiRequest): Promise<ApiAnswer> => ({
    status: 200,
    body: await status(service, settingsOf(services(), service)),
  });
}

const tasks = createServiceTasks({
  tasks: createTasks(),
  instanceIdsOf,
  balancers: createBalancers(),
  warn,
});

export const handler = forRoute(
  {},
  createGetService({ services: readServices, status: installedServiceStatus(tasks) }),
);
