import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';

/** The tasks of a service that are not gone yet. */
export function tasksOf(service: ServiceRecord, deployment?: DeploymentRecord): TaskRecord[] {
  return [...service.cluster.tasks.values()].filter(
    (record) =>
      record.service === service &&
      record.task.lastStatus !== 'STOPPED' &&
      (deployment === undefined || record.task.startedBy === deployment.id),
  );
}

/** Draining tasks still serve: they count as running until their containers are told to stop. */
export function isRunning({ task }: TaskRecord): boolean {
  return task.lastStatus === 'RUNNING' || task.lastStatus === 'DEACTIVATING';
}

export function isPending({ task }: TaskRecord): boolean {
  return ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus ?? '');
}

export function isStaying({ stopRequest }: TaskRecord): boolean {
  return stopRequest === undefined;
}

/** Services behind a classic load balancer have no rollout state and no circuit breaker (API reference, Deployment). */
export function isClassic(service: ServiceRecord): boolean {
  return (
    service.settings.loadBalancers?.some(({ loadBalancerName }) => loadBalancerName !== undefined) ?? false
  );
}
