import type { Ecs, ServiceRecord } from '../state.ts';
import { rollBack, tell } from './deployments.ts';
import { finishServiceDeployment, rollServiceDeploymentBack } from './service-deployments.ts';
import { addServiceEvent } from './service-events.ts';
import { threshold } from './threshold.ts';

/**
 * Fails the deployment that cannot start its tasks. It launches nothing more; with rollback the service goes
 * back to the latest completed deployment, and stalls where there is none.
 */
export function breakCircuit(ecs: Ecs, service: ServiceRecord): void {
  const breaker = service.settings.deploymentConfiguration?.deploymentCircuitBreaker;
  const [primary] = service.deployments;
  if (!breaker?.enable || primary?.rolloutState !== 'IN_PROGRESS') return;
  if (primary.failedTasks < threshold(breaker, service.desiredCount)) return;
  const why = 'ECS deployment circuit breaker';
  primary.rolloutState = 'FAILED';
  primary.rolloutStateReason = `${why}: tasks failed to start.`;
  primary.updatedAt = new Date(ecs.context.clock.now());
  addServiceEvent(ecs, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  // The event says "task", DescribeServices says "tasks" (AWS's sample event and recorded answers).
  tell(ecs, service, primary, 'SERVICE_DEPLOYMENT_FAILED', `${why}: task failed to start.`);
  if (breaker.rollback && rollBack(ecs, service, why)) {
    const target = service.deployments[0]?.id;
    addServiceEvent(ecs, service, `rolling back to deployment ${target}.`);
    rollServiceDeploymentBack(ecs, service, primary.rolloutStateReason);
  } else {
    finishServiceDeployment(ecs, service, 'STOPPED', primary.rolloutStateReason);
  }
}
