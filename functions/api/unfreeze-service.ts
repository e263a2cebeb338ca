import { now } from '#lib/aws/sdk/clock.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { activeFreezeOf, liftFreeze } from '#lib/deployment/claim/freeze.ts';
import { describeFreeze } from '#lib/deployment/record/status.ts';
import { settingsOf } from '#lib/deployment/settings.ts';
import { forRoute } from '#lib/middleware/api.ts';
import { readServices } from '#lib/operations/configuration.ts';

const items = createServiceItems();

/** DELETE /services/{service}/freeze: lifts it and answers what was lifted; lifting none is no error. */
export const handler = forRoute({}, async ({ service }) => {
  settingsOf(readServices(), service);
  const { lifted } = await items.change(service, (before) => ({
    item: liftFreeze(before),
    lifted: activeFreezeOf(before, now()),
  }));
  return {
    status: 200,
    body: { service, freeze: null, lifted: lifted === undefined ? null : describeFreeze(lifted) },
  };
});
