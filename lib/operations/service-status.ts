import { createEcsServices, observeService } from '#lib/aws/ecs/services.ts';
import { now } from '#lib/aws/sdk/clock.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import { createDeployments } from '#lib/aws/table/deployments.ts';
import { createServiceItems } from '#lib/aws/table/service-items.ts';
import { describeService } from '#lib/deployment/record/status.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import type { readServiceTasks } from './service-tasks.ts';

const ecs = createEcsServices();
const items = createServiceItems();
const deployments = createDeployments();

/**
 * A service as the API shows it: what ECS runs, and what Landfall's table says of it and of its latest deployment.
 * Without `readTasks` nothing is said of single tasks and their targets.
 */
export async function readServiceStatus(
  service: string,
  settings: ServiceSettings,
  readTasks?: typeof readServiceTasks,
): Promise<ReturnType<typeof describeService>> {
  const { cluster } = settings;
  const [found, item, history] = await Promise.all([
    // On a cluster that is not there nothing runs; the other services are to be shown all the same.
    ecs.describe(cluster, settings.service).catch(ignoreError('ClusterNotFound')),
    items.read(service),
    deployments.list(service, 1),
  ]);
  const tasks = found && (await readTasks?.(cluster, found));
  return describeService(
    settings,
    { observed: found && observeService(found), item, latest: history.records[0], tasks },
    now(),
  );
}

const ignoreError = (name: string) => (error: unknown) => {
  if (hasName(error, name)) return undefined;
  throw error;
};
