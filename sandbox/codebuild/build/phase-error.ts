import type { StatusType } from '@aws-sdk/client-codebuild';

/** Why a phase ended other than well, as it stands in the phase's context. */
export class PhaseError extends Error {
  readonly statusCode: string;
  readonly status: StatusType;

  constructor(statusCode: string, message: string, status: StatusType = 'FAILED') {
    super(message);
    this.name = 'PhaseError';
    this.statusCode = statusCode;
    this.status = status;
  }
}

/** What AbortController.abort is given when somebody stops a build, or its time is over. */
export const stopped = () => new PhaseError('', 'Build was stopped', 'STOPPED');
export const timedOut = (minutes: number) =>
  new PhaseError('BUILD_TIMED_OUT', `Build has timed out after ${minutes} minutes.`, 'TIMED_OUT');

/** A failed call to another service, as a phase that failed. */
export function asPhaseError(error: unknown): PhaseError {
  if (error instanceof PhaseError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'AccessDeniedException' || name === 'AccessDenied')
    return new PhaseError('ACCESS_DENIED', message);
  return new PhaseError('CLIENT_ERROR', message);
}
