import type { Target } from '@aws-sdk/client-eventbridge';
import { publishTo } from '#sandbox/core/publish.ts';
import type { Rule } from '../bus-store.ts';
import type { EventsNeeds } from '../needs.ts';

const PRINCIPAL = 'events.amazonaws.com';

type Send = (needs: EventsNeeds, rule: Rule, target: Target, input: string) => void | Promise<void>;

/** The kinds of targets that this sandbox delivers to, by the service in their ARN. */
const SENDERS: Record<string, Send> = {
  lambda: ({ lambda }, rule, { Arn = '' }, input) =>
    lambda.invokeAsync(Arn, input, { principal: PRINCIPAL, sourceArn: rule.arn }),
  sns: ({ services }, _, { Arn = '' }, input) => publishTo(services, Arn, input),
  sqs: ({ services }, _, { Arn = '' }, input) => publishTo(services, Arn, input),
  states: async ({ services, iam }, _, { Arn = '', RoleArn = '' }, input) => {
    iam?.authorizeRole(RoleArn, [{ action: 'states:StartExecution', resources: [Arn] }], PRINCIPAL);
    await services?.call('states', 'StartExecution', { stateMachineArn: Arn, input });
  },
};

const serviceOf = (targetArn = '') => targetArn.split(':')[2] ?? '';

export function isSupportedTarget(targetArn: string | undefined): boolean {
  return serviceOf(targetArn) in SENDERS;
}

export async function sendToTarget(
  needs: EventsNeeds,
  rule: Rule,
  target: Target,
  input: string,
): Promise<void> {
  await SENDERS[serviceOf(target.Arn)]?.(needs, rule, target, input);
}
