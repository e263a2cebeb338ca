import type { HealthCheck, ProbeResult } from './probe.ts';

export type HealthState = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused';

/** What the checks of one target have come to. Plain data; `judge` moves it on. */
export interface Health {
  state: HealthState;
  successes: number;
  failures: number;
  /** Absent until the first check has been answered. */
  last?: ProbeResult;
}

export const unchecked: Health = { state: 'initial', successes: 0, failures: 0 };

/**
 * The health after one more check. An Application Load Balancer takes a new target after one success
 * ("After your target is registered, it must pass one health check to be considered healthy", ELB user
 * guide, Target group health checks); a Classic Load Balancer wants HealthyThreshold of them.
 */
export function judge(
  health: Health,
  result: ProbeResult,
  check: Pick<HealthCheck, 'healthyThreshold' | 'unhealthyThreshold'>,
  oneSuccessIsEnoughAtFirst: boolean,
): Health {
  const passed = result.outcome === 'passed';
  const successes = passed ? health.successes + 1 : 0;
  const failures = passed ? 0 : health.failures + 1;
  const enough = health.state === 'initial' && oneSuccessIsEnoughAtFirst ? 1 : check.healthyThreshold;
  let state = health.state;
  if (passed && successes >= enough) state = 'healthy';
  if (!passed && failures >= check.unhealthyThreshold) state = 'unhealthy';
  return { state, successes, failures, last: result };
}
