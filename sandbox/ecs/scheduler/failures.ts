import type { DeploymentRecord, Ecs, ServiceRecord, TaskRecord } from '../state.ts';
import type { TaskHealth } from './health.ts';
import { addServiceEvent, emitServiceAction } from './service-events.ts';

/** Every so many failures in a row the service says that it cannot start its tasks. */
const impairedEvery = 3;

/** Takes what has become of a task into its deployment's counts, once. */
export function countOutcome(ecs: Ecs, service: ServiceRecord, record: TaskRecord, health: TaskHealth): void {
  const deployment = service.deployments.find(({ id }) => id === record.task.startedBy);
  if (!deployment) return;
  if (record.wasRunning && deployment.failedStarts > 0) deployment.failedStarts = 0;
  const succeeded = ecs.options.failedTasksResetWhen === 'running' ? record.wasRunning : health.healthy;
  if (health.healthy) record.wasHealthy = true;
  if (succeeded && !record.counted) {
    record.counted = true;
    const breaker = service.settings.deploymentConfiguration?.deploymentCircuitBreaker;
    if (breaker?.resetOnHealthyTask !== false) deployment.failedTasks = 0;
  }
  if (record.stopRequest && !record.ended) countEnd(ecs, service, deployment, record);
}

function countEnd(ecs: Ecs, service: ServiceRecord, deployment: DeploymentRecord, record: TaskRecord): void {
  record.ended = true;
  const { code } = record.stopRequest ?? {};
  if (code !== 'TaskFailedToStart' && code !== 'EssentialContainerExited') return;
  const now = ecs.context.clock.now();
  if (record.wasRunning) {
    deployment.startNotBefore = now + ecs.options.restartMilliseconds;
  } else {
    deployment.startNotBefore = now + throttle(ecs, ++deployment.failedStarts);
  }
  // A task that had been healthy and ends later is replaced, and is no failure of the deployment.
  if (!record.wasHealthy) countFailure(ecs, service, deployment);
}

/** The wait grows while tasks go from PENDING to STOPPED directly ("Service throttle logic" of the developer guide). */
export function throttle(ecs: Ecs, failedStarts: number): number {
  const { restartMilliseconds, throttleMilliseconds, throttleMaximumMilliseconds } = ecs.options;
  if (failedStarts < 2) return restartMilliseconds;
  return Math.min(throttleMaximumMilliseconds, throttleMilliseconds * 2 ** (failedStarts - 2));
}

/** A task that ended before it was healthy, failed its health checks, or could not be launched at all. */
export function countFailure(ecs: Ecs, service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.failedTasks++;
  if (deployment.failedTasks % impairedEvery !== 0) return;
  addServiceEvent(
    ecs,
    service,
    'is unable to consistently start tasks successfully. ' +
      'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  );
  emitServiceAction(ecs, service, { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' });
}
