import type { Build, Deployment } from '#cli/client/contract.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export const isOver = ({ status }: Pick<Deployment, 'status'>) => status !== 'RUNNING';

/** Whether a build is over and deploys nothing. */
export const isBroken = ({ status }: Pick<Build, 'status'>) =>
  status !== 'IN_PROGRESS' && status !== 'SUCCEEDED';

/** What a deployment that is over leaves behind, as the command's exit code. */
export function outcomeOf({ status, left, error }: Pick<Deployment, 'status' | 'left' | 'error'>): ExitCode {
  if (status === 'SUCCEEDED') return exitCodes.done;
  if (status === 'SUPERSEDED' || error === 'NewerReleaseLive') return exitCodes.superseded;
  return left === 'UNTOUCHED' || left === 'ROLLED_BACK' ? exitCodes.failed : exitCodes.needsPerson;
}
