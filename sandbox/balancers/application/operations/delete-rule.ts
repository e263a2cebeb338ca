import type { DeleteRuleInput, DeleteRuleOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type ApplicationState, refreshUse } from '../state.ts';

export function deleteRule(state: ApplicationState) {
  return (input: DeleteRuleInput): DeleteRuleOutput => {
    const { rule, listener } = state.findRule(input.RuleArn);
    listener.rules = listener.rules.filter((other) => other !== rule);
    refreshUse(state);
    return {};
  };
}
