import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { activeFreezeOf, liftFreeze } from '#lib/deployment/claim/freeze.ts';
import { describeFreeze } from '#lib/deployment/record/status.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';

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
      item: liftFreeze(before),
      lifted: activeFreezeOf(before, now()),
    }));
    return {
      status: 200,
      body: { service, freeze: null, lifted: lifted === undefined ? null : describeFreeze(lifted) },
    };
  };
}

export const handler = forRoute(
  {},
  createUnfreezeService({ services: readServices, items: createServiceItems(installedTable()), now }),
);
