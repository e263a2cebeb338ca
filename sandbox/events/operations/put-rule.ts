import type { PutRuleRequest, PutRuleResponse } from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { compilePattern } from '../patterns/compile.ts';
import { periodOf } from '../schedule.ts';
import type { EventsState } from '../state.ts';

/** Creates the rule or replaces what it matches; its targets stay. */
export function putRule({ store, reschedule }: EventsState): Operation<PutRuleRequest, PutRuleResponse> {
  return (input) => {
    const { Name: name = '', EventPattern: eventPattern, ScheduleExpression: scheduleExpression } = input;
    const bus = store.bus(input.EventBusName);
    if (eventPattern === undefined && scheduleExpression === undefined) {
      throw new AwsError(
        'ValidationException',
        'Parameter(s) EventPattern or ScheduleExpression must be specified.',
      );
    }
    if (scheduleExpression !== undefined) periodOf(scheduleExpression);
    const rule = {
      name,
      arn: store.ruleArn(name, bus.name),
      busName: bus.name,
      state: input.State ?? 'ENABLED',
      matches: eventPattern === undefined ? () => false : compilePattern(eventPattern),
      targets: bus.rules.get(name)?.targets ?? new Map(),
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(eventPattern === undefined ? {} : { eventPattern }),
      ...(scheduleExpression === undefined ? {} : { scheduleExpression }),
      ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    };
    bus.rules.set(name, rule);
    reschedule(rule);
    return { RuleArn: rule.arn };
  };
}
