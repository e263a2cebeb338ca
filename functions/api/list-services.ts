import type { Services } from '#lib/deployment/settings.ts';
import { type ApiAnswer, forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';
import { installedServiceStatus, type ServiceStatus } from '#lib/operations/service-status.ts';

interface Needs {
  services: () => Services;
  status: ServiceStatus;
}

/** GET /services: every service of services.yml, by name, as GET /services/{service} shows it, without its tasks. */
export function createListServices({ services, status }: Needs) {
  return async (): Promise<ApiAnswer> => {
    const entries = Object.entries(services()).sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      status: 200,
      body: { services: await Promise.all(entries.map(([name, settings]) => status(name, settings))) },
    };
  };
}

export const handler = forRoute(
  {},
  createListServices({ services: readServices, status: installedServiceStatus() }),
);
