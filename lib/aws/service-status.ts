import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { describeService } from '#lib/deployment/status.ts';
import { type Now, now } from './clock.ts';
import { createEcsServices, type EcsServices } from './ecs/services.ts';
import { hasName } from './faults.ts';
import { createServiceItems, type ServiceItems } from './service-items.ts';
import { table } from './table.ts';

/** A service as the API shows it: what ECS runs, and what Landfall's table says of it. */
export type ServiceStatus = (
  service: string,
  settings: ServiceSettings,
) => Promise<ReturnType<typeof describeService>>;

export function createServiceStatus(
  ecs: Pick<EcsServices, 'observe'>,
  items: Pick<ServiceItems, 'read'>,
  now: Now,
): ServiceStatus {
  return async (service, settings) => {
    const [observed, item] = await Promise.all([
      // On a cluster that is not there nothing runs; the other services are to be shown all the same.
      ecs.observe(settings.cluster, settings.service).catch(unless('ClusterNotFound')),
      items.read(service),
    ]);
    return describeService(settings, observed, item, now());
  };
}

const unless = (name: string) => (error: unknown) => {
  if (hasName(error, name)) return undefined;
  throw error;
};

/** Against AWS. */
export const serviceStatus = () => createServiceStatus(createEcsServices(), createServiceItems(table()), now);
