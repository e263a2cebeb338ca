import type {
  DescribeRulesInput,
  DescribeRulesOutput,
  Rule as RuleShape,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { page } from '../../options.ts';
import type { ApplicationListener, ApplicationState, Rule } from '../state.ts';

export function describeRules(state: ApplicationState) {
  return (input: DescribeRulesInput): DescribeRulesOutput => {
    const chosen = input.RuleArns?.length
      ? input.RuleArns.map((arn) => describeRule(state.findRule(arn).rule))
      : rulesOf(state.findListener(input.ListenerArn));
    const { items, next } = page(chosen, input.Marker, input.PageSize);
    return { Rules: items, NextMarker: next };
  };
}

/** The default rule comes last and takes its actions from the listener. */
function rulesOf(listener: ApplicationListener): RuleShape[] {
  const defaultRule: RuleShape = {
    RuleArn: `${listener.arn.replace(':listener/', ':listener-rule/')}/default`,
    Priority: 'default',
    Conditions: [],
    Actions: listener.defaultActions,
    IsDefault: true,
  };
  return [...listener.rules.map(describeRule), defaultRule];
}

export function describeRule(rule: Rule): RuleShape {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: rule.conditions,
    Actions: rule.actions,
    IsDefault: false,
  };
}
