import type { DeploymentDocument, Failure } from '#lib/deployment/document.ts';
import { isTakenOver } from '#lib/deployment/errors.ts';
import { nameOf, readFailure } from './failure.ts';
import { resumeStateOf } from './resume.ts';
import { describeServiceOutcome } from './service-outcome-of.ts';

/**
 * The name of the error that the run ends with. A failed rollback has its own, unless another deployment has the
 * service now. Never a name that HaltDeployment's own Retry knows: Step Functions would try again instead of ending the
 * execution.
 */
export function runErrorOf({ rollbackFailure }: DeploymentDocument, failure: Failure): string {
  if (rollbackFailure === undefined) return nameOf(failure);
  return isTakenOver(rollbackFailure.error) ? rollbackFailure.error : 'RollbackFailed';
}

/**
 * Whether HaltDeployment runs again because of a redrive: the failure is an earlier run's. A redrive can also go
 * straight into the rollback; a failure there is this run's own.
 */
export const isRedriven = (
  { rollbackFailure }: DeploymentDocument,
  failure: Failure,
  { redriveCount }: { redriveCount: number },
) => redriveCount > Math.max(failure.redriveCount, rollbackFailure?.redriveCount ?? 0);

/** HaltDeployment's message: which state, why, what runs now, where the log is. Bounded, for SNS and the console. */
export function describeFailure(document: DeploymentDocument, failure: Failure): string {
  const reading = readFailure(failure);
  const tail = reading.detail.logTail ?? [];
  const lines = [
    `${reading.state} failed with ${reading.error}.`,
    reading.message.slice(0, 4_000),
    describeServiceOutcome(document),
    ...(tail.length === 0 ? [] : ['Last log lines:', ...tail.map((line) => `  ${line.slice(0, 200)}`)]),
    failure.error === 'NewerReleaseLive'
      ? 'A redrive is refused: a newer release has gone live.'
      : `A redrive goes on from ${resumeStateOf(document, failure.state)}.`,
  ];
  return lines.join('\n').slice(0, 8_000);
}

/** What HaltDeployment throws: the original failure under its own name, also one that is none of ours. */
export class HaltedDeployment extends Error {
  constructor(error: string, message: string) {
    super(message);
    this.name = error;
  }
}
