import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { describeService } from '#lib/deployment/status.ts';
import { type Now, now } from './clock.ts';
import { createDeployments, type Deployments } from './deployments.ts';
import { createEcsServices, type EcsServices, observation } from './ecs/services.ts';
import { hasName } from './faults.ts';
import { createServiceItems, type ServiceItems } from './service-items.ts';
import type { ServiceTasks } from './service-tasks.ts';
import { table } from './table.ts';

/** A service as the API shows it: what ECS runs, and what Landfall's table says of it and of its latest deployment. */
export type ServiceStatus = (
  service: string,
  settings: ServiceSettings,
) => Promise<ReturnType<typeof describeService>>;

interface Needs {
  ecs: Pick<EcsServices, 'describe'>;
  items: Pick<ServiceItems, 'read'>;
  deployments: Pick<Deployments, 'list'>;
  /** Without it nothing is said of single tasks and their targets. */
  tasks: ServiceTasks | undefined;
  now: Now;
}

export function createServiceStatus({ ecs, items, deployments, tasks, now }: Needs): ServiceStatus {
  return async (service, settings) => {
    const { cluster } = settings;
    const [found, item, history] = await Promise.all([
      // On a cluster that is not there nothing runs; the other services are to be shown all the same.
      ecs.describe(cluster, settings.service).catch(unless('ClusterNotFound')),
      items.read(service),
      deployments.list(service, 1),
    ]);
    const reading = found && (await tasks?.(cluster, found));
    return describeService(
      settings,
      { observed: found && observation(found), item, latest: history.records[0], tasks: reading },
      now(),
    );
  };
}

const unless = (name: string) => (error: unknown) => {
  if (hasName(error, name)) return undefined;
  throw error;
};

/** Against AWS. */
export const serviceStatus = (tasks?: ServiceTasks) =>
  createServiceStatus({
    ecs: createEcsServices(),
    items: createServiceItems(table()),
    deployments: createDeployments(table()),
    tasks,
    now,
  });
