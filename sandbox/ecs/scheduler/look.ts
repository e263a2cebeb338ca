import type { Ecs, ServiceRecord } from '../state.ts';
import { breakCircuit } from './circuit-breaker.ts';
import { countOutcome } from './failures.ts';
import { healthOf, type TaskHealth } from './health.ts';
import { lowerLimit, type PlanInput, plan, upperLimit } from './plan.ts';
import { addServiceEvent } from './service-events.ts';
import { settle } from './settle.ts';
import { startTasks } from './start-tasks.ts';
import { stopForScaling, stopUnhealthy } from './stop-tasks.ts';
import { isStaying, tasksOf } from './tasks.ts';

/** One look of the service scheduler: take in what has happened, decide, act, note where the deployments stand. */
export function look(ecs: Ecs, service: ServiceRecord): void {
  if (service.status === 'DRAINING') {
    stopForScaling(ecs, service, tasksOf(service).filter(isStaying));
    if (tasksOf(service).length === 0) service.status = 'INACTIVE';
    return;
  }
  const health = takeIn(ecs, service);
  breakCircuit(ecs, service);
  const input = planInput(service, health);
  const decision = plan(input);
  const isToStop = new Map(decision.stop.map(({ id, because }) => [id, because]));
  const staying = tasksOf(service).filter(isStaying);
  for (const record of staying.filter(({ id }) => isToStop.get(id) === 'unhealthy')) {
    stopUnhealthy(ecs, service, record, health.get(record.id) as TaskHealth);
  }
  stopForScaling(
    ecs,
    service,
    staying.filter(({ id }) => isToStop.get(id) === 'scaling'),
  );
  startTasks(ecs, service, decision.start);
  if (decision.start === 0 && decision.stop.length === 0) tellWhenBlocked(ecs, service, input);
  settle(ecs, service, health);
}

/** Health of every task, and what it means for the deployments' counts. Ended tasks are looked at once more. */
function takeIn(ecs: Ecs, service: ServiceRecord): Map<string, TaskHealth> {
  const health = new Map<string, TaskHealth>();
  for (const record of service.cluster.tasks.values()) {
    if (record.service !== service || (record.ended && record.task.lastStatus === 'STOPPED')) continue;
    const own = healthOf(ecs, service, record);
    health.set(record.id, own);
    countOutcome(ecs, service, record, own);
  }
  return health;
}

function planInput(service: ServiceRecord, health: Map<string, TaskHealth>): PlanInput {
  const [primary] = service.deployments;
  const { minimumHealthyPercent = 100, maximumPercent = 200 } =
    service.settings.deploymentConfiguration ?? {};
  return {
    desiredCount: service.desiredCount,
    minimumHealthyPercent,
    maximumPercent,
    halted: primary?.rolloutState === 'FAILED',
    blocked: service.placementFailedAt !== undefined,
    tasks: tasksOf(service)
      .filter(isStaying)
      .map((record) => ({
        id: record.id,
        primary: record.task.startedBy === primary?.id,
        running: record.task.lastStatus === 'RUNNING',
        healthy: health.get(record.id)?.healthy ?? false,
        unhealthy: health.get(record.id)?.unhealthy ?? false,
        wasHealthy: record.wasHealthy,
        leaving: record.instance?.status === 'DRAINING',
        createdAt: record.createdAt,
      })),
  };
}

/** The deployment configuration allows neither a start nor a stop: said, not often. */
function tellWhenBlocked(ecs: Ecs, service: ServiceRecord, input: PlanInput): void {
  const now = ecs.context.clock.now();
  const replacing = input.tasks.length > 0 && input.tasks.every(({ primary }) => !primary);
  if (!replacing || input.halted || lowerLimit(input) < upperLimit(input)) return;
  if (now - (service.configurationBlockedAt ?? 0) < ecs.options.placementRetryMilliseconds) return;
  service.configurationBlockedAt = now;
  addServiceEvent(
    ecs,
    service,
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
      'Update the minimumHealthyPercent or maximumPercent value and try again.',
  );
}
