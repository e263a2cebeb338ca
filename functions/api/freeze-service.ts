import { now } from '#lib/aws/sdk/clock.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { activeFreezeOf, freezeOf } from '#lib/deployment/claim/freeze.ts';
import { describeFreeze, describeHolder } from '#lib/deployment/record/status.ts';
import { FreezeRequest } from '#lib/deployment/release/request.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';

const items = createServiceItems();

/**
 * PUT /services/{service}/freeze: replaces the freeze that there may be. Answers that one, and the deployment under way
 * that the new one stops.
 */
export const handler = forRoute({ body: FreezeRequest }, async ({ service, body, requestedBy }) => {
  settingsOf(readServices(), service);
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
});
