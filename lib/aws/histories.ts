import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { HistoryEvent } from '#lib/deployment/steps.ts';
import { client } from './clients.ts';
import { hasName } from './faults.ts';

export interface Histories {
  /** All events of an execution; none where Step Functions has forgotten it, 90 days after it closed. */
  read(executionArn: string): Promise<HistoryEvent[]>;
}

export function createHistories(states = client(SFNClient)): Histories {
  return {
    async read(executionArn) {
      const events: HistoryEvent[] = [];
      let nextToken: string | undefined;
      do {
        // Without the documents that flow from state to state: errors and causes come all the same.
        const page = await states
          .send(
            new GetExecutionHistoryCommand({
              executionArn,
              maxResults: 1000,
              includeExecutionData: false,
              nextToken,
            }),
          )
          .catch(forgotten);
        events.push(...(page.events ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return events;
    },
  };
}

function forgotten(error: unknown): { events?: HistoryEvent[]; nextToken?: string } {
  if (hasName(error, 'ExecutionDoesNotExist')) return {};
  throw error;
}
