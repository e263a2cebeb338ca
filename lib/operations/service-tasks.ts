import type { Balancers } from '#lib/aws/balancers.ts';
import type { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import type { Service } from '#lib/aws/ecs/services.ts';
import { observeTask, type Tasks } from '#lib/aws/ecs/tasks.ts';
import type { Warn } from '#lib/aws/sdk/warn.ts';
import type { TaskTarget } from '#lib/deployment/rollout/health.ts';
import { readTasks, type TasksReading } from '#lib/deployment/rollout/service-tasks.ts';

/** What ECS and its load balancers say of a service's tasks, in about five calls however many there are. */
export type ServiceTasks = (cluster: string, service: Service) => Promise<TasksReading>;

interface Needs {
  tasks: Pick<Tasks, 'show'>;
  instanceIdsOf: typeof instanceIdsOf;
  balancers: Pick<Balancers, 'targets'>;
  /** Gets a load balancer that cannot be read: the service is shown all the same. */
  warn: Warn;
}

export function createServiceTasks({ tasks, instanceIdsOf, balancers, warn }: Needs): ServiceTasks {
  return async (cluster, { serviceName = '', loadBalancers = [] }) => {
    const { tasks: shown, isComplete } = await tasks.show(cluster, { serviceName });
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
