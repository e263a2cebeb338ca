import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { activeFreezeOf, freezeOf } from '#lib/deployment/claim/freeze.ts';
import { describeFreeze, describeHolder } from '#lib/deployment/record/status.ts';
import { FreezeRequest } from '#lib/deployment/release/request.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';

interface Needs {
  services: () => Services;
  items: Pick<ServiceItems, 'change'>;
  now: Now;
}

/**
 * PUT /services/{service}/freeze: replaces the freeze that there may be. Answers that one, and the deployment under way
 * that the new one stops.
 */
export function createFreezeService({ services, items, now }: Needs) {
  return async ({ service, body, requestedBy }: ApiRequest<FreezeRequest>): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const freeze = freezeOf(body, requestedBy, now());
    const { replaced, item } = await items.change(service, (before) => ({
      item: { ...before, freeze },
      replaced: activeFreezeOf(before, now()),
    }));
    return {
      status: 200,
      body: {
        ...describeFreeze(freeze),
        replaced: replaced === undefined ? null : describeFreeze(replaced),
        claim: describeHolder(item.claim),
      },
    };
  };
}

export const handler = forRoute(
  { body: FreezeRequest },
  createFreezeService({ services: readServices, items: createServiceItems(installedTable()), now }),
);
