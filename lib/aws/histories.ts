import { GetExecutionHistoryCommand, type GetExecutionHistoryInput, SFNClient } from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '#lib/deployment/steps.ts';
import { client } from './clients.ts';
import { hasName } from './faults.ts';

export interface Histories {
  /**
   * All events of an execution, without the documents that flow from state to state (errors and causes come all the
   * same); none where Step Functions has forgotten it, 90 days after it closed.
   */
  read(executionArn: string): Promise<HistoryEvent[]>;
  /** Those from one id to another, with the documents: pages of them, from the end of the history backwards. */
  readDocuments(executionArn: string, span: { from: number; to: number }): Promise<HistoryEvent[]>;
}

export function createHistories(states = client(SFNClient)): Histories {
  /** Until `isEnough` of what has come so far. */
  async function events(
    input: GetExecutionHistoryInput,
    isEnough: (events: HistoryEvent[]) => boolean = () => false,
  ): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await states
        .send(new GetExecutionHistoryCommand({ ...input, nextToken }))
        .catch(forgotten);
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined && !isEnough(events));
    return events;
  }

  return {
    read: (executionArn) => events({ executionArn, maxResults: 1000, includeExecutionData: false }),

    async readDocuments(executionArn, { from, to }) {
      const found = await events(
        { executionArn, maxResults: 100, includeExecutionData: true, reverseOrder: true },
        (events) => (events.at(-1)?.id ?? 0) <= from,
      );
      return found.reverse().filter(({ id = 0 }) => id >= from && id <= to);
    },
  };
}

function forgotten(error: unknown): { events?: HistoryEvent[]; nextToken?: string } {
  if (hasName(error, 'ExecutionDoesNotExist')) return {};
  throw error;
}
