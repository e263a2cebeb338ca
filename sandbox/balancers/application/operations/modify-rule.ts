import type { ModifyRuleInput, ModifyRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { notSupported } from '#sandbox/core/errors.ts';
import { validateActions } from '../actions.ts';
import { validateConditions } from '../conditions.ts';
import { type ApplicationState, refreshUse } from '../state.ts';
import { describeRule } from './describe-rules.ts';

export function modifyRule(state: ApplicationState) {
  return (input: ModifyRuleInput): ModifyRuleOutput => {
    const { rule, listener } = state.findRule(input.RuleArn);
    if (input.Transforms?.length) throw notSupported('rule transforms');
    if (input.Conditions) validateConditions(input.Conditions);
    if (input.Actions) validateActions(input.Actions, listener.balancer.arn, state);
    rule.conditions = input.Conditions ?? rule.conditions;
    rule.actions = input.Actions ?? rule.actions;
    refreshUse(state);
    return { Rules: [describeRule(rule)] };
  };
}
