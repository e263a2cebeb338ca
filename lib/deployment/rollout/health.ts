import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';

/** The health of the new tasks' targets, as the load balancer says it. */
export interface TargetObservation {
  /** `i-0abc:80`, `10.0.0.7:8080`, or the instance of a classic load balancer. */
  target: string;
  /** healthy, initial, unhealthy, draining, unused (ALB, NLB) or InService, OutOfService, Unknown (classic). */
  state: string;
  reason?: string;
}

/** A target, and the ARNs of the tasks that it stands for: several where they share a classic load balancer's instance. */
export interface TaskTarget extends TargetObservation {
  tasks: string[];
}

/** One HTTP request through the load balancer. */
export interface Probe {
  url: string;
  /** Absent when there was no answer. */
  status?: number;
  error?: string;
}

type Health = NonNullable<DeploymentDocument['health']>;

const HEALTHY = new Set(['healthy', 'InService']);

export const isHealthy = ({ state }: Pick<TargetObservation, 'state'>) => HEALTHY.has(state);

/** What one look says: undefined when all is well, else why not. */
export function explainUnhealthy(
  targets: TargetObservation[],
  expectedTargets: number,
  probe: Probe | undefined,
  settings: ServiceSettings['health'],
): string | undefined {
  const bad = targets.find((each) => !isHealthy(each));
  if (bad !== undefined) return `target ${bad.target} is ${bad.state}${bad.reason ? ` (${bad.reason})` : ''}`;
  if (targets.length < expectedTargets)
    return `${targets.length} of ${expectedTargets} targets are registered`;
  if (probe === undefined) return undefined;
  if (probe.error !== undefined) return `${probe.url} did not answer (${probe.error})`;
  if (probe.status !== settings.status)
    return `${probe.url} answered ${probe.status} instead of ${settings.status}`;
  return undefined;
}

/**
 * Counts healthy looks in a row; one bad look starts the count again. Past the deadline it fails with
 * HealthCheckFailed, never on the first bad look: a target needs a few checks before it is healthy.
 */
export function decideHealth(
  previous: Health,
  because: string | undefined,
  settings: ServiceSettings['health'],
  now: number,
): Health {
  if (because === undefined) {
    const consecutive = previous.consecutive + 1;
    return {
      verdict: consecutive >= settings.consecutive ? 'healthy' : 'waiting',
      consecutive,
      deadline: previous.deadline,
    };
  }
  if (now >= previous.deadline) {
    throw new DeploymentError(
      'HealthCheckFailed',
      `${because}, ${settings.timeoutSeconds} seconds after the first look`,
      {
        detail: { reason: because },
      },
    );
  }
  return { verdict: 'waiting', consecutive: 0, deadline: previous.deadline, reason: because };
}
