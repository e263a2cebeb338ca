import type { ErrorName } from '#lib/deployment/errors.ts';
import type { Build, Deployment } from './contract.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** With these UpdateService ends before ECS is told anything. */
const REFUSALS = new Set<string>([
  'ServiceFrozen',
  'ClaimLost',
  'NewerReleaseLive',
  'StateUnavailable',
  'AccessDenied',
  'RolloutRejected',
] satisfies ErrorName[]);

export const isOver = ({ status }: Pick<Deployment, 'status'>) => status !== 'RUNNING';

/** Whether a build is over and deploys nothing. */
export const isBroken = ({ status }: Pick<Build, 'status'>) =>
  status !== 'IN_PROGRESS' && status !== 'SUCCEEDED';

/** What a deployment that is over leaves behind, as the command's exit code. */
export function outcomeOf(deployment: Pick<Deployment, 'status' | 'error' | 'steps'>): ExitCode {
  if (deployment.status === 'SUCCEEDED') return exitCodes.done;
  if (deployment.status === 'SUPERSEDED') return exitCodes.superseded;
  return isAsBefore(deployment) ? exitCodes.failed : exitCodes.needsPerson;
}

/** Whether the service is known to run what it ran before: never touched, or led back, by Landfall or by ECS itself. */
function isAsBefore({ error, steps }: Pick<Deployment, 'error' | 'steps'>): boolean {
  if (error === 'RollbackFailed') return false;
  const touched = steps.findLastIndex(
    (step) => step.state === 'UpdateService' && !REFUSALS.has(step.error ?? ''),
  );
  if (touched === -1) return steps.length > 0;
  const after = steps.slice(touched + 1);
  const isLedBack = after.some(
    ({ state, error, endedAt }) => state === 'AwaitRollback' && error === undefined && endedAt !== null,
  );
  return isLedBack || after.some((step) => step.error === 'RolloutRolledBack');
}
