import * as sdk from '@aws-sdk/client-eventbridge';
import type { AwsEvent, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { authorizeEvents } from './authorize.ts';
import { BusStore, type EventBus, type Rule } from './bus-store.ts';
import { deliverToTarget } from './delivery/deliver.ts';
import { type EventContent, envelope } from './envelope.ts';
import type { EventsNeeds } from './needs.ts';
import { eventsOperations } from './operations/index.ts';
import { periodOf, Schedules } from './schedule.ts';
import type { EventsState } from './state.ts';

export interface EventsOptions {
  /**
   * How an event travels: calls `deliver` now, later, twice or not at all, for simulations of a bus that loses,
   * doubles, delays and reorders. Default: at once.
   */
  delivery?: (event: AwsEvent, deliver: (event: AwsEvent) => void) => void;
  /** Milliseconds before the first retry of a delivery; it doubles up to ten minutes. */
  retryDelay?: number;
}

export interface Events {
  definition: ServiceDefinition;
  /** Puts an event of an AWS service on the default bus. Never fails, never blocks: what SandboxContext.emit does. */
  putEvent(event: EventContent): void;
  /** Resolves when every event that was put has been handed to its targets or given up. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Amazon EventBridge: buses, rules and their targets. */
export function createEvents(
  context: SandboxContext,
  needs: EventsNeeds,
  options: EventsOptions = {},
): Events {
  const store = new BusStore(context);
  const schedules = new Schedules(context.clock);
  const closing = new AbortController();
  const underway = new Set<Promise<void>>();
  const travel = options.delivery ?? ((event, deliver) => deliver(event));

  const deliverToRule = (rule: Rule, event: AwsEvent) => {
    for (const target of rule.targets.values()) {
      const delivering = deliverToTarget(
        context,
        needs,
        rule,
        target,
        event,
        options.retryDelay ?? 1000,
        closing.signal,
      )
        .catch((error) => context.debug(`events: ${rule.name} lost an event: ${error}`))
        .finally(() => underway.delete(delivering));
      underway.add(delivering);
    }
  };

  const deliver = (bus: EventBus, event: AwsEvent) => {
    if (closing.signal.aborted) return;
    for (const rule of bus.rules.values()) {
      if (rule.state !== 'DISABLED' && rule.matches(event)) deliverToRule(rule, event);
    }
  };

  const state: EventsState = {
    context,
    store,
    publish(bus, event) {
      // Not in the caller's own turn: whoever emits is in the middle of changing its state.
      const leaving = Promise.resolve()
        .then(() => travel(event, (arriving) => deliver(bus, arriving)))
        .catch((error) => context.debug(`events: lost ${event.id}: ${error}`))
        .finally(() => underway.delete(leaving));
      underway.add(leaving);
    },
    reschedule(rule) {
      schedules.stop(rule.arn);
      if (rule.scheduleExpression === undefined || rule.state === 'DISABLED') return;
      const tick = () => deliverToRule(rule, scheduledEvent(context, rule));
      schedules.start(rule.arn, periodOf(rule.scheduleExpression), tick);
    },
  };

  return {
    definition: {
      signingName: 'events',
      sdk,
      operations: eventsOperations(state),
      authorize: authorizeEvents(store),
    },
    putEvent: (event) => state.publish(store.bus(), envelope(context, event)),
    async idle() {
      while (underway.size > 0) await Promise.all(underway);
    },
    async close() {
      closing.abort(new Error('EventBridge is closed'));
      schedules.close();
      await Promise.all(underway);
    },
  };
}

function scheduledEvent(context: SandboxContext, rule: Rule): AwsEvent {
  return envelope(context, {
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [rule.arn],
    detail: {},
  });
}
