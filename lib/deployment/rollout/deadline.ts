import type { Rollout } from '#lib/deployment/document.ts';
import type { ServiceSettings } from '#lib/deployment/settings.ts';

/** The wait for an ECS deployment whose change was asked for at `startedAt`. */
export const beginRollout = (
  { deploymentId, taskDefinition, startedAt }: Omit<Rollout, 'deadline'>,
  { timeoutSeconds }: ServiceSettings['rollout'],
): Rollout => ({ deploymentId, taskDefinition, startedAt, deadline: startedAt + timeoutSeconds * 1000 });

/** The deadline of a wait that began, or began again with a redrive, `timeoutSeconds` ago at most. */
export const extendDeadline = <Timed extends { deadline: number }>(
  timed: Timed,
  redrivenAt: number,
  timeoutSeconds: number,
): Timed => ({
  ...timed,
  deadline: Math.max(timed.deadline, redrivenAt + timeoutSeconds * 1000),
});
