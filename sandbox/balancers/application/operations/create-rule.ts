import type { CreateRuleInput, CreateRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { requireRange } from '../../options.ts';
import { mergeTags } from '../../tags.ts';
import { validateActions } from '../actions.ts';
import { validateConditions } from '../conditions.ts';
import { type ApplicationState, refreshUse } from '../state.ts';
import { describeRule } from './describe-rules.ts';

export function createRule(state: ApplicationState) {
  return (input: CreateRuleInput): CreateRuleOutput => {
    const listener = state.findListener(input.ListenerArn);
    const priority = input.Priority ?? 0;
    if (input.Transforms?.length) throw notSupported('rule transforms');
    requireRange('Rule priority', priority, 1, 50_000);
    validateConditions(input.Conditions);
    validateActions(input.Actions, listener.balancer.arn, state);
    if (listener.rules.some((rule) => rule.priority === priority)) {
      throw new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`);
    }
    const rule = {
      arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${state.context.random.hex(16)}`,
      priority,
      conditions: input.Conditions ?? [],
      actions: input.Actions ?? [],
      tags: new Map<string, string>(),
    };
    mergeTags(rule.tags, input.Tags);
    listener.rules = [...listener.rules, rule].sort((one, other) => one.priority - other.priority);
    refreshUse(state);
    return { Rules: [describeRule(rule)] };
  };
}
