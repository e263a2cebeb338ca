import type { DeploymentRecord, Ecs, ServiceRecord } from '../state.ts';
import { tell } from './deployments.ts';
import type { TaskHealth } from './health.ts';
import {
  changeServiceDeployment,
  currentServiceDeployment,
  finishServiceDeployment,
} from './service-deployments.ts';
import { addServiceEvent, emitServiceAction } from './service-events.ts';
import { isClassic, isStaying, tasksOf } from './tasks.ts';

/** Notes where the deployments stand after a look: counts, what is over, what is complete, steady state. */
export function settle(ecs: Ecs, service: ServiceRecord, health: Map<string, TaskHealth>): void {
  const [primary] = service.deployments;
  if (!primary) return;
  noteCounts(ecs, service, primary);
  forgetReplaced(service, primary);
  const healthy = tasksOf(service, primary).filter(
    ({ id, stopRequest }) => !stopRequest && health.get(id)?.healthy,
  );
  const others = tasksOf(service).filter((record) => !healthy.includes(record));
  const steady = healthy.length === service.desiredCount && others.length === 0;
  if (steady && primary.rolloutState === 'IN_PROGRESS') complete(ecs, service, primary);
  noteSteadiness(ecs, service, steady && primary.rolloutState === 'COMPLETED');
}

function noteCounts(ecs: Ecs, service: ServiceRecord, primary: DeploymentRecord): void {
  for (const deployment of service.deployments) {
    const desiredCount =
      deployment === primary ? service.desiredCount : tasksOf(service, deployment).filter(isStaying).length;
    if (desiredCount === deployment.desiredCount) continue;
    deployment.desiredCount = desiredCount;
    deployment.updatedAt = new Date(ecs.context.clock.now());
  }
  const current = currentServiceDeployment(service);
  if (current?.status === 'PENDING') {
    changeServiceDeployment(ecs, current, {
      status: 'IN_PROGRESS',
      startedAt: new Date(ecs.context.clock.now()),
    });
  }
  if (current?.deploymentCircuitBreaker && current.status === 'IN_PROGRESS') {
    current.deploymentCircuitBreaker.failureCount = primary.failedTasks;
  }
}

/** Replaced deployments go when their last task has; a failed one stays until the rollback from it is complete. */
function forgetReplaced(service: ServiceRecord, primary: DeploymentRecord): void {
  service.deployments = service.deployments.filter(
    (deployment) =>
      deployment === primary ||
      tasksOf(service, deployment).length > 0 ||
      (deployment.rolloutState === 'FAILED' && primary.rolloutState === 'IN_PROGRESS'),
  );
}

function complete(ecs: Ecs, service: ServiceRecord, primary: DeploymentRecord): void {
  const rolledBack = currentServiceDeployment(service)?.status === 'ROLLBACK_IN_PROGRESS';
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  primary.updatedAt = new Date(ecs.context.clock.now());
  service.lastCompleted = primary;
  finishServiceDeployment(ecs, service, rolledBack ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL');
  if (!isClassic(service)) addServiceEvent(ecs, service, `(deployment ${primary.id}) deployment completed.`);
  tell(ecs, service, primary, 'SERVICE_DEPLOYMENT_COMPLETED');
  forgetReplaced(service, primary);
}

/** Steady state is told when it is reached, and every six hours while it lasts. */
function noteSteadiness(ecs: Ecs, service: ServiceRecord, steady: boolean): void {
  const now = ecs.context.clock.now();
  if (!steady) {
    service.steadySince = undefined;
    service.steadyAnnouncedAt = undefined;
    return;
  }
  service.steadySince ??= now;
  if (now - (service.steadyAnnouncedAt ?? Number.NEGATIVE_INFINITY) < ecs.options.steadyRepeatMilliseconds)
    return;
  service.steadyAnnouncedAt = now;
  addServiceEvent(ecs, service, 'has reached a steady state.');
  emitServiceAction(ecs, service, { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' });
}
