import { createBalancers } from '#lib/aws/balancers.ts';
import { instanceIdsOf } from '#lib/aws/ecs/instances.ts';
import type { Service } from '#lib/aws/ecs/services.ts';
import { createTasks, observeTask } from '#lib/aws/ecs/tasks.ts';
import { warn } from '#lib/aws/sdk/logger.ts';
import type { TaskTarget } from '#lib/deployment/rollout/health.ts';
import { readTasks, type TasksReading } from '#lib/deployment/rollout/service-tasks.ts';

const tasks = createTasks();
const balancers = createBalancers();

/**
 * What ECS and its load balancers say of a service's tasks, in about five calls however many there are. Where a load
 * balancer cannot be read, the service is shown all the same, and the log has a warning.
 */
export async function readServiceTasks(
  cluster: string,
  { serviceName = '', loadBalancers = [] }: Service,
): Promise<TasksReading> {
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
}
