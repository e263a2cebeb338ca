import type { GetExecutionHistoryInput, GetExecutionHistoryOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { page } from '../page.ts';
import { executionByArn, type StatesService } from '../service.ts';

export function getExecutionHistory(service: StatesService) {
  return (input: GetExecutionHistoryInput): GetExecutionHistoryOutput => {
    const { execution } = executionByArn(service, input.executionArn ?? '');
    const ordered = input.reverseOrder ? execution.events.toReversed() : execution.events;
    const { items, nextToken } = page(ordered, input);
    const events = input.includeExecutionData === false ? items.map(withoutData) : items;
    return { events, ...(nextToken === undefined ? {} : { nextToken }) };
  };
}

const DATA = new Set(['input', 'output', 'inputDetails', 'outputDetails', 'assignedVariables', 'parameters']);

function withoutData(event: HistoryEvent): HistoryEvent {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) =>
      key.endsWith('EventDetails') ? [key, metadata(value as Record<string, unknown>)] : [key, value],
    ),
  ) as unknown as HistoryEvent;
}

function metadata(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !DATA.has(key)));
}
