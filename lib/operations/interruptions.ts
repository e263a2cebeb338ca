import { createHistories } from '#lib/aws/states/histories.ts';
import {
  eventsUntilEndOf,
  findDocument,
  findLastState,
  type Interruption,
  isWhole,
  markInterrupted,
} from '#lib/deployment/ending/interruption.ts';
import { DeploymentError } from '#lib/deployment/errors.ts';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';

const histories = createHistories();

interface InterruptionReading {
  events: readonly HistoryEvent[];
  interruption: Interruption | undefined;
  /** Whether the run came to `Deployed`: CompleteDeployment has reported its result. */
  isLive: boolean;
}

/**
 * What the history says of a run that is over: its events, those of the runs before, and how far the deployment had
 * got. That is undefined for a release that is live, and where Step Functions has forgotten the execution. Fails with
 * AwsUnavailable while the history does not reach to the end.
 */
export async function readInterruption(
  executionArn: string,
  redriveCount: number,
): Promise<InterruptionReading> {
  const events = eventsUntilEndOf(redriveCount, await histories.read(executionArn));
  if (!isWhole(events)) {
    const why = `the history of ${executionArn} does not show its end yet`;
    throw new DeploymentError('AwsUnavailable', why);
  }
  const last = findLastState(events);
  const isLive = last?.state === 'Deployed';
  if (last === undefined || isLive) return { events, interruption: undefined, isLive };
  const { state, enteredAt } = last;
  const found = findDocument(await histories.readDocuments(executionArn, last));
  const document = found && markInterrupted(found, last, redriveCount);
  return { events, interruption: document && { state, enteredAt, document }, isLive };
}
