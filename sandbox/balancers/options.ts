import { AwsError } from '#sandbox/core/errors.ts';
import type { HostNetwork } from '#sandbox/core/network.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Health } from './engine/health.ts';
import type { Target } from './engine/member.ts';
import type { ProbeTarget } from './engine/probe.ts';

/** What holds where a request names no value. Absent members fall back to AWS's own defaults. */
export interface BalancerDefaults {
  intervalSeconds?: number;
  timeoutSeconds?: number;
  healthyThreshold?: number;
  unhealthyThreshold?: number;
  deregistrationDelaySeconds?: number;
}

export interface BalancersOptions {
  defaults?: BalancerDefaults;
  /** AWS takes no health check interval under 5 seconds; a fast sandbox may. */
  minimumIntervalSeconds?: number;
  /** How targets are checked; over the network unless a simulation brings its own targets. */
  probe?: ProbeTarget;
  /** Told of every answered health check, after the target's health has moved on. */
  onHealthCheck?: (check: { ref: string; target: Target; health: Health }) => void;
}

/** What every part of the load balancers is given. */
export interface BalancersContext extends SandboxContext {
  network: HostNetwork;
  options: BalancersOptions;
}

/** A value outside the range that the API reference gives. */
export function requireRange(name: string, value: number, minimum: number, maximum: number): void {
  if (value >= minimum && value <= maximum) return;
  throw new AwsError('ValidationError', `${name} '${value}' must be between ${minimum} and ${maximum}`);
}

/** One page of a list: the marker is the position where the next one starts. */
export function page<Item>(items: Item[], marker: string | undefined, size: number | undefined) {
  const start = marker ? Number.parseInt(marker, 10) : 0;
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('ValidationError', `Invalid marker '${marker}'`);
  }
  const end = start + (size ?? 400);
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}
