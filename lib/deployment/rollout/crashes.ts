import type { Rollout } from '#lib/deployment/document.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';
import { decideFailed, lastReasonOf, type RolloutDecision } from './decision.ts';
import type { TaskObservation } from './task-stop.ts';

/** Stop codes of tasks that ended by themselves; a task that the scheduler scaled in is no crash. */
const CRASHES = new Set(['EssentialContainerExited', 'TaskFailedToStart']);
const UNHEALTHY = /failed (ELB|container) health checks|unhealthy/i;

/** The container itself runs, but the load balancer gets no good answer from it. */
const REFUSED_BY_BALANCER = /failed ELB health checks|unhealthy in \((elb|target-group) /i;

export const isCrash = (task: TaskObservation) =>
  CRASHES.has(task.stopCode ?? '') || UNHEALTHY.test(task.stoppedReason ?? '');

/** Tasks of our deployment that ended by themselves since the wait for it began: it may be an adopted, older one. */
export const crashesOf = (stopped: TaskObservation[], rollout: Rollout, now: number) =>
  stopped.filter(
    (task) =>
      task.startedBy === rollout.deploymentId &&
      isCrash(task) &&
      (task.stoppedAt ?? now) >= rollout.startedAt,
  );

/** So many tasks of ours have stopped by themselves that another attempt would not go otherwise. */
export function decideCrashLoop(
  crashes: TaskObservation[],
  rollout: Rollout,
  settings: ServiceSettings['rollout'],
): RolloutDecision | undefined {
  if (crashes.length < settings.crashes) return undefined;
  // "Keep stopping" would send the operator after a crash that there was not: ECS stopped them for what they answer.
  const isRefused = crashes.every((task) => REFUSED_BY_BALANCER.test(task.stoppedReason ?? ''));
  return decideFailed(
    isRefused ? 'HealthCheckFailed' : 'RolloutCrashLoop',
    `${crashes.length} tasks of ${rollout.taskDefinition} ${isRefused ? 'were stopped by ECS for it' : 'stopped'}, the last one because ${lastReasonOf(crashes)}`,
    crashes,
  );
}
