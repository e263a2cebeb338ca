import { type Now, now } from '#lib/aws/clock.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/service-items.ts';
import { table } from '#lib/aws/table.ts';
import { readServices } from '#lib/configuration.ts';
import { activeFreeze, freezeOf } from '#lib/deployment/freeze.ts';
import { FreezeRequest } from '#lib/deployment/request.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { describeFreeze, describeHolder } from '#lib/deployment/status.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  items: Pick<ServiceItems, 'change'>;
  now: Now;
}

/**
 * PUT /services/{service}/freeze: in place of the one there may be, which is told, as is the deployment under way that it
 * stops.
 */
export function createFreezeService({ services, items, now }: Needs) {
  return async ({ service, body, caller }: ApiRequest<FreezeRequest>): Promise<ApiAnswer> => {
    settingsOf(services(), service);
    const freeze = freezeOf(body, caller, now());
    const { replaced, item } = await items.change(service, (before) => ({
      item: { ...before, freeze },
      replaced: activeFreeze(before, now()),
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
  createFreezeService({ services: readServices, items: createServiceItems(table()), now }),
);
