import type { AwsEvent, SandboxContext } from '#sandbox/core/service.ts';
import type { BusStore, EventBus, Rule } from './bus-store.ts';

/** What the operations work on. */
export interface EventsState {
  context: SandboxContext;
  store: BusStore;
  /** Puts an event of a custom source on a bus. */
  publish(bus: EventBus, event: AwsEvent): void;
  /** Starts or ends the rule's schedule, as its state asks. */
  reschedule(rule: Rule): void;
}
