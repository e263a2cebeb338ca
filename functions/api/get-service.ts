import * as z from 'zod';
import { type Now, now } from '#lib/aws/clock.ts';
import { createEcsServices, type EcsServices } from '#lib/aws/ecs/services.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/service-items.ts';
import { table } from '#lib/aws/table.ts';
import { readServices } from '#lib/configuration.ts';
import { type Services, settingsOf } from '#lib/deployment/settings.ts';
import { describeService } from '#lib/deployment/status.ts';
import { type ApiAnswer, type ApiRequest, forRoute } from '#lib/middleware/api.ts';

interface Needs {
  services: () => Services;
  ecs: Pick<EcsServices, 'observe'>;
  items: Pick<ServiceItems, 'read'>;
  now: Now;
}

/** GET /services/{service}: what runs, who holds the claim, who waits, the freeze and the last known good. */
export function createGetService({ services, ecs, items, now }: Needs) {
  return async ({ service }: ApiRequest<undefined>): Promise<ApiAnswer> => {
    const settings = settingsOf(services(), service);
    const [observed, item] = await Promise.all([
      ecs.observe(settings.cluster, settings.service),
      items.read(service),
    ]);
    return { status: 200, body: describeService(settings, observed, item, now()) };
  };
}

export const handler = forRoute(
  z.undefined(),
  createGetService({
    services: readServices,
    ecs: createEcsServices(),
    items: createServiceItems(table()),
    now,
  }),
);
