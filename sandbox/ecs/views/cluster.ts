import type { Cluster } from '@aws-sdk/client-ecs';
import { isPending, isRunning } from '../scheduler/tasks.ts';
import type { ClusterRecord } from '../state.ts';

/** A cluster as DescribeClusters shows it, with its counts of this moment. */
export function clusterView(
  { cluster, instances, tasks, services }: ClusterRecord,
  include: string[] = [],
): Cluster {
  const { tags, settings, ...rest } = cluster;
  const records = [...tasks.values()];
  return {
    ...rest,
    registeredContainerInstancesCount: instances.size,
    runningTasksCount: records.filter(isRunning).length,
    pendingTasksCount: records.filter(isPending).length,
    activeServicesCount: [...services.values()].filter(({ status }) => status === 'ACTIVE').length,
    settings: include.includes('SETTINGS') ? settings : [],
    tags: include.includes('TAGS') ? tags : [],
  };
}
