import type { Operation } from '#sandbox/core/service.ts';
import type { EventsState } from '../state.ts';
import { deleteRule } from './delete-rule.ts';
import { describeRule, disableRule, enableRule, listRules } from './describe-rule.ts';
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses } from './event-buses.ts';
import { putEvents } from './put-events.ts';
import { putRule } from './put-rule.ts';
import { listRuleNamesByTarget, listTargetsByRule, putTargets, removeTargets } from './put-targets.ts';
import { testEventPattern } from './test-event-pattern.ts';

/** The operations of EventBridge that this sandbox serves. */
export function eventsOperations(state: EventsState): Record<string, Operation> {
  return {
    CreateEventBus: createEventBus(state),
    DeleteEventBus: deleteEventBus(state),
    DeleteRule: deleteRule(state),
    DescribeEventBus: describeEventBus(state),
    DescribeRule: describeRule(state),
    DisableRule: disableRule(state),
    EnableRule: enableRule(state),
    ListEventBuses: listEventBuses(state),
    ListRuleNamesByTarget: listRuleNamesByTarget(state),
    ListRules: listRules(state),
    ListTargetsByRule: listTargetsByRule(state),
    PutEvents: putEvents(state),
    PutRule: putRule(state),
    PutTargets: putTargets(state),
    RemoveTargets: removeTargets(state),
    TestEventPattern: testEventPattern(),
  };
}
