import type { DeploymentCircuitBreaker } from '@aws-sdk/client-ecs';

/** How many failed tasks are too many: by default half the desired count, but at least 3 and at most 200. */
export function threshold(breaker: DeploymentCircuitBreaker | undefined, desiredCount: number): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = breaker?.thresholdConfiguration ?? {};
  if (type === 'COUNT') return value;
  const share = Math.max(1, Math.ceil((desiredCount * value) / 100));
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share));
}
