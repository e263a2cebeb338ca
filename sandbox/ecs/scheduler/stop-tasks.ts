import type { Ecs, ServiceRecord, TaskRecord } from '../state.ts';
import { requestStop } from '../tasks/stop.ts';
import { balancerName } from './balancing.ts';
import { countFailure } from './failures.ts';
import type { TaskHealth } from './health.ts';
import { addServiceEvent } from './service-events.ts';

/** Stops tasks that the service has too many of: the old ones of a rollout, or the surplus of a smaller count. */
export function stopForScaling(ecs: Ecs, service: ServiceRecord, records: TaskRecord[]): void {
  if (records.length === 0) return;
  const draining = records.filter(({ registered }) => registered.length > 0).length;
  for (const record of records) {
    requestStop(ecs, record, {
      code: 'ServiceSchedulerInitiated',
      reason: `Scaling activity initiated by (deployment ${record.task.startedBy})`,
      drain: true,
    });
  }
  const tasks = records.map(({ id }) => `(task ${id})`).join(' ');
  addServiceEvent(ecs, service, `has stopped ${records.length} running tasks: ${tasks}.`);
  if (draining > 0) addServiceEvent(ecs, service, `has begun draining connections on ${draining} tasks.`);
}

/** Stops a task that failed its health checks, in the words of who found out. */
export function stopUnhealthy(
  ecs: Ecs,
  service: ServiceRecord,
  record: TaskRecord,
  health: TaskHealth,
): void {
  const { by, target } = health;
  const [what, reason] = by
    ? [
        unhealthyIn(record, balancerName(by), target?.port),
        `Task failed ELB health checks in (${balancerName(by)})`,
      ]
    : [`(task ${record.id}) failed container health checks.`, 'Task failed container health checks'];
  addServiceEvent(ecs, service, what);
  requestStop(ecs, record, { code: 'ServiceSchedulerInitiated', reason, drain: true });
  addServiceEvent(ecs, service, `has stopped 1 running tasks: (task ${record.id}).`);
  const deployment = service.deployments.find(({ id }) => id === record.task.startedBy);
  if (deployment && !record.wasHealthy) countFailure(ecs, service, deployment);
}

/** The developer guide's "service unhealthy event messages", for tasks on EC2 and on Fargate. */
function unhealthyIn(record: TaskRecord, balancer: string, port: number | undefined): string {
  const where = record.instance ? `(instance ${record.instance.ec2InstanceId}) ` : '';
  return `(task ${record.id}) ${where}(port ${port}) is unhealthy in (${balancer}) due to (reason Health checks failed).`;
}
