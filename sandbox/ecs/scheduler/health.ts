import type { LoadBalancer } from '@aws-sdk/client-ecs';
import type { Target } from '../needs.ts';
import type { Ecs, ServiceRecord, TaskRecord } from '../state.ts';
import { balancedHealth } from './balancing.ts';

export interface TaskHealth {
  /** Counts towards the minimum healthy percent. */
  healthy: boolean;
  /** Failed a health check after the grace period: to be replaced. */
  unhealthy: boolean;
  /** The load balancer that says so; absent: the container's own health check. */
  by?: LoadBalancer;
  target?: Target;
}

/**
 * Whether a task of a service counts as healthy (API reference, minimumHealthyPercent): its container health
 * checks and its load balancers all have to say so; without any, it has to have been RUNNING for 40 seconds.
 */
export function healthOf(ecs: Ecs, service: ServiceRecord, record: TaskRecord): TaskHealth {
  const { task, definition } = record;
  if (task.lastStatus !== 'RUNNING' || !task.startedAt) return { healthy: false, unhealthy: false };
  const age = ecs.context.clock.now() - task.startedAt.getTime();
  const inGrace = age < (service.settings.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const checked = definition.containerDefinitions?.some((one) => one.essential !== false && one.healthCheck);
  if (checked && task.healthStatus === 'UNHEALTHY') return { healthy: false, unhealthy: !inGrace };
  const { state, by, target } = balancedHealth(ecs, record);
  if (state === 'unhealthy') return { healthy: false, unhealthy: !inGrace, by, target };
  const balanced = record.loadBalancers.length > 0;
  if (!checked && !balanced) {
    return { healthy: age >= ecs.options.healthyAfterMilliseconds, unhealthy: false };
  }
  return { healthy: state === 'healthy' && (!checked || task.healthStatus === 'HEALTHY'), unhealthy: false };
}
