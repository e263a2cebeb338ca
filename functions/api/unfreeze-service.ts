import { createServiceItems, type ServiceItems } from '#lib/aws/service-items.ts';
import { table } from '#lib/aws/table.ts';
import { readServices } from '#lib/configuration.ts';
import { unfrozen } from '#lib/deployment/freeze.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  items: Pick<ServiceItems, 'change'>;
}

/** DELETE /services/{service}/freeze: lifts it; lifting none is no error. */
export function createUnfreezeService({ services, items }: Needs) {
  return async ({ service }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    await items.change(service, (item) => ({ item: unfrozen(item) }));
    return { status: 204 };
  };
}

export const handler = forRoute(
  {},
  createUnfreezeService({ services: readServices, items: createServiceItems(table()) }),
);
