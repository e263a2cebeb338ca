import { type ServiceStatus, serviceStatus } from '#lib/aws/service-status.ts';
import { readServices } from '#lib/configuration.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  status: ServiceStatus;
}

/** GET /services/{service}: what runs, who holds the claim, who waits, the freeze and the last known good. */
export function createGetService({ services, status }: Needs) {
  return async ({ service }: ApiRequest): Promise<ApiAnswer> => ({
    status: 200,
    body: await status(service, settingsOf(services(), service)),
  });
}

export const handler = forRoute({}, createGetService({ services: readServices, status: serviceStatus() }));
