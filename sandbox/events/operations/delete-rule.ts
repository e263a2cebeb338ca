import type { DeleteRuleRequest } from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import type { EventsState } from '../state.ts';

/** Deleting a rule that is not there is no error; one with targets cannot be deleted. */
export function deleteRule({ store, reschedule }: EventsState): Operation<DeleteRuleRequest, object> {
  return (input) => {
    const bus = store.bus(input.EventBusName);
    const rule = bus.rules.get(input.Name ?? '');
    if (rule === undefined) return {};
    if (rule.targets.size > 0)
      throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
    bus.rules.delete(rule.name);
    reschedule({ ...rule, state: 'DISABLED' });
    return {};
  };
}
