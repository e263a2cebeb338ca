import { createEcsServices, type EcsServices, observeService } from '#lib/aws/ecs/services.ts';
import { type Now, now } from '#lib/aws/sdk/clock.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { createDeployments, type Deployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems, type ServiceItems } from '#lib/aws/table/service-items.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { describeService } from '#lib/deployment/record/status.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { ServiceTasks } from './service-tasks.ts';

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

function createServiceStatus({ ecs, items, deployments, tasks, now }: Needs): ServiceStatus {
  return async (service, settings) => {
    const { cluster } = settings;
    const [found, item, history] = await Promise.all([
      // On a cluster that is not there nothing runs; the other services are to be shown all the same.
      ecs.describe(cluster, settings.service).catch(ignoreError('ClusterNotFound')),
      items.read(service),
      deployments.list(service, 1),
    ]);
    const reading = found && (await tasks?.(cluster, found));
    return describeService(
      settings,
      { observed: found && observeService(found), item, latest: history.records[0], tasks: reading },
      now(),
    );
  };
}

const ignoreError = (name: string) => (error: unknown) => {
  if (hasName(error, name)) return undefined;
  throw error;
};

/** Against AWS. */
export const installedServiceStatus = (tasks?: ServiceTasks) =>
  createServiceStatus({
    ecs: createEcsServices(),
    items: createServiceItems(installedTable()),
    deployments: createDeployments(installedTable()),
    tasks,
    now,
  });
