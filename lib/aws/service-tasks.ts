import type { Service } from '@aws-sdk/client-ecs';
import type { TaskTarget } from '#lib/deployment/health.ts';
import { readTasks, type TasksReading } from '#lib/deployment/service-tasks.ts';
import type { Balancers } from './balancers.ts';
import type { instanceIdsOf } from './ecs/instances.ts';
import { observeTask, type Tasks } from './ecs/tasks.ts';
import type { Warn } from './warn.ts';

/** What ECS and its load balancers say of a service's tasks, in about five calls however many there are. */
export type ServiceTasks = (cluster: string, service: Service) => Promise<TasksReading>;

interface Needs {
  tasks: Pick<Tasks, 'shown'>;
  instanceIdsOf: typeof instanceIdsOf;
  balancers: Pick<Balancers, 'targets'>;
  /** Told of a load balancer that cannot be read: the service is shown all the same. */
  warn: Warn;
}

export function createServiceTasks({ tasks, instanceIdsOf, balancers, warn }: Needs): ServiceTasks {
  return async (cluster, { serviceName = '', loadBalancers = [] }) => {
    const { tasks: shown, isComplete } = await tasks.shown(cluster, { serviceName });
    const observed = shown.map((task) => observeTask(task));

    async function targets(): Promise<TaskTarget[][] | undefined> {
      if (!isComplete) return undefined;
      if (loadBalancers.length === 0) return [];
      // What has stopped is a target no longer, and its port may be another task's by now.
      const alive = shown.filter(({ lastStatus }) => lastStatus !== 'STOPPED');
      try {
        const instanceIds = await instanceIdsOf(cluster, alive);
        return await Promise.all(
          loadBalancers.map((balancer) => balancers.targets(balancer, alive, instanceIds)),
        );
      } catch (error) {
        warn(`The load balancers of ${serviceName} cannot be read`, error as Error);
        return undefined;
      }
    }

    return readTasks(observed, await targets());
  };
}
