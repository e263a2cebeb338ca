import type { Build, Deployment } from '#cli/client/contract.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export const isOver = ({ status }: Pick<Deployment, 'status'>) => status !== 'RUNNING';

/** Whether a build is over and deploys nothing. */
export const isBroken = ({ status }: Pick<Build, 'status'>) =>
  status !== 'IN_PROGRESS' && status !== 'SUCCEEDED';

/** What a deployment that is over leaves behind, as the command's exit code. */
export function outcomeOf({
  status,
  serviceOutcome,
  error,
}: Pick<Deployment, 'status' | 'serviceOutcome' | 'error'>): ExitCode {
  if (status === 'SUCCEEDED') return exitCodes.done;
  if (status === 'SUPERSEDED' || error === 'NewerReleaseLive') return exitCodes.superseded;
  return serviceOutcome === 'UNTOUCHED' || serviceOutcome === 'ROLLED_BACK'
    ? exitCodes.failed
    : exitCodes.needsPerson;
}
