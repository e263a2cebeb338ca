import { type Now, now } from '#lib/aws/clock.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/service-items.ts';
import { table } from '#lib/aws/table.ts';
import { readServices } from '#lib/configuration.ts';
import { activeFreeze, unfrozen } from '#lib/deployment/freeze.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { describeFreeze } from '#lib/deployment/status.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  items: Pick<ServiceItems, 'change'>;
  now: Now;
}

/** DELETE /services/{service}/freeze: lifts it and answers what was lifted; lifting none is no error. */
export function createUnfreezeService({ services, items, now }: Needs) {
  return async ({ service }: ApiRequest): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const { lifted } = await items.change(service, (before) => ({
      item: unfrozen(before),
      lifted: activeFreeze(before, now()),
    }));
    return {
      status: 200,
      body: { service, freeze: null, lifted: lifted === undefined ? null : describeFreeze(lifted) },
    };
  };
}

export const handler = forRoute(
  {},
  createUnfreezeService({ services: readServices, items: createServiceItems(table()), now }),
);
