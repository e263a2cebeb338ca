import type {
  DescribeRuleRequest,
  DescribeRuleResponse,
  ListRulesRequest,
  ListRulesResponse,
  RuleState,
} from '@aws-sdk/client-eventbridge';
import type { Operation } from '#sandbox/core/service.ts';
import type { Rule } from '../bus-store.ts';
import type { EventsState } from '../state.ts';

function describe(rule: Rule): DescribeRuleResponse {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.busName,
    State: rule.state,
    Description: rule.description,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    RoleArn: rule.roleArn,
  };
}

export function describeRule({ store }: EventsState): Operation<DescribeRuleRequest, DescribeRuleResponse> {
  return (input) => describe(store.rule(input.Name, input.EventBusName));
}

export function listRules({ store }: EventsState): Operation<ListRulesRequest, ListRulesResponse> {
  return (input) => {
    const rules = [...store.bus(input.EventBusName).rules.values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const after = input.NextToken ?? '';
    const found = rules.filter(({ name }) => name.startsWith(input.NamePrefix ?? '') && name > after);
    const page = found.slice(0, input.Limit ?? 100);
    return {
      Rules: page.map(describe),
      ...(page.length < found.length ? { NextToken: page.at(-1)?.name } : {}),
    };
  };
}

function setState(state: RuleState) {
  return ({ store, reschedule }: EventsState): Operation<DescribeRuleRequest, object> =>
    (input) => {
      const rule = store.rule(input.Name, input.EventBusName);
      rule.state = state;
      reschedule(rule);
      return {};
    };
}

export const enableRule = setState('ENABLED');
export const disableRule = setState('DISABLED');
