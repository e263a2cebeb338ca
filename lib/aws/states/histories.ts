import { GetExecutionHistoryCommand, type GetExecutionHistoryInput, SFNClient } from '@aws-sdk/client-sfn';
import { clientOf } from '#lib/aws/sdk/clients.ts';
import { hasName } from '#lib/aws/sdk/faults.ts';
import type { HistoryEvent } from '#lib/deployment/history-event.ts';

export interface Histories {
  /**
   * All events of an execution, with errors and causes, without the documents that flow from state to state; none where
   * Step Functions has forgotten it, 90 days after it closed.
   */
  read(executionArn: string): Promise<HistoryEvent[]>;
  /** Those from one id to another, with the documents: pages of them, from the end of the history backwards. */
  readDocuments(executionArn: string, span: { from: number; to: number }): Promise<HistoryEvent[]>;
}

export function createHistories(states = clientOf(SFNClient)): Histories {
  /** What `kept` makes of each event, page by page, until `isEnough` of what has come so far. */
  async function readEvents(
    input: GetExecutionHistoryInput,
    kept: (event: HistoryEvent) => HistoryEvent,
    isEnough: (events: HistoryEvent[]) => boolean = () => false,
  ): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await states
        .send(new GetExecutionHistoryCommand({ ...input, nextToken }))
        .catch(ignoreForgotten);
      events.push(...(page.events ?? []).map(kept));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !isEnough(events));
    return events;
  }

  return {
    async read(executionArn) {
      const input = { executionArn, maxResults: 1000 };
      const found = await readEvents({ ...input, includeExecutionData: false }, withoutDocuments);
      // That leaves out inputs and outputs, says the API reference; whether an error's cause is one, it does not say.
      if (!found.some(isMute)) return found;
      return readEvents({ ...input, includeExecutionData: true }, withoutDocuments);
    },

    async readDocuments(executionArn, { from, to }) {
      const found = await readEvents(
        { executionArn, maxResults: 100, includeExecutionData: true, reverseOrder: true },
        (event) => event,
        (events) => (events.at(-1)?.id ?? 0) <= from,
      );
      return found.reverse().filter(({ id = 0 }) => id >= from && id <= to);
    },
  };
}

/** A failure that does not say why, which no failure of Landfall's functions does. */
function isMute({ type, taskFailedEventDetails, executionFailedEventDetails }: HistoryEvent): boolean {
  if (type !== 'TaskFailed' && type !== 'ExecutionFailed') return false;
  const { error, cause } = taskFailedEventDetails ?? executionFailedEventDetails ?? {};
  return error === undefined || cause === undefined;
}

/** The event as the steps are read from it: thousands of them fit into a function's memory, their documents may not. */
function withoutDocuments(event: HistoryEvent): HistoryEvent {
  const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event;
  return {
    id: event.id,
    type: event.type,
    timestamp: event.timestamp,
    ...(entered && { stateEnteredEventDetails: { name: entered.name } }),
    ...(exited && { stateExitedEventDetails: {} }),
    taskFailedEventDetails: event.taskFailedEventDetails,
    taskTimedOutEventDetails: event.taskTimedOutEventDetails,
    taskStartFailedEventDetails: event.taskStartFailedEventDetails,
    taskSubmitFailedEventDetails: event.taskSubmitFailedEventDetails,
    executionFailedEventDetails: event.executionFailedEventDetails,
  };
}

function ignoreForgotten(error: unknown): { events?: HistoryEvent[]; nextToken?: string } {
  if (hasName(error, 'ExecutionDoesNotExist')) return {};
  throw error;
}
