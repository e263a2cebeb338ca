import type { AuthorizationRequest } from '#sandbox/core/service.ts';
import { type BusStore, busNameOf } from './bus-store.ts';

interface Entry {
  EventBusName?: string;
  Source?: string;
  DetailType?: string;
}

const BUS_OPERATIONS = new Set(['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus']);

/** The permissions of the Service Authorization Reference: rules and buses by ARN, PutEvents with its conditions. */
export function authorizeEvents(store: BusStore) {
  const busArn = (name = 'default') => {
    const found = store.buses.get(busNameOf(name));
    return found?.arn ?? store.bus().arn.replace(/default$/, busNameOf(name));
  };
  return (operation: string, input: Record<string, unknown>): AuthorizationRequest[] | undefined => {
    const action = `events:${operation}`;
    if (operation === 'PutEvents')
      return (input.Entries as Entry[]).map((entry) => putEvents(action, entry, busArn));
    if (BUS_OPERATIONS.has(operation)) return [{ action, resources: [busArn(input.Name as string)] }];
    const rule = input.Rule ?? (operation.endsWith('Rule') ? input.Name : undefined);
    if (typeof rule !== 'string') return undefined;
    return [{ action, resources: [store.ruleArn(rule, input.EventBusName as string | undefined)] }];
  };
}

function putEvents(action: string, entry: Entry, busArn: (name?: string) => string): AuthorizationRequest {
  return {
    action,
    resources: [busArn(entry.EventBusName)],
    conditions: { 'events:source': entry.Source ?? '', 'events:detail-type': entry.DetailType ?? '' },
  };
}
