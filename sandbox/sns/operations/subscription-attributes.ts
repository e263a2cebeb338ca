import type {
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  SetSubscriptionAttributesInput,
} from '@aws-sdk/client-sns';
import { notSupported } from '#sandbox/core/errors.ts';
import { parseFilterPolicy } from '../filter-policy.ts';
import { findSubscription, invalidParameter, type SnsState } from '../state.ts';

/** Attributes that the sandbox acts on; the others it refuses. */
export function requireAttribute(name: string, value: string | undefined): void {
  if (name === 'FilterPolicy') parseFilterPolicy(value || '{}');
  else if (name === 'FilterPolicyScope') {
    if (value !== 'MessageAttributes') throw notSupported(`filter policies with scope '${value}'`);
  } else if (!['RawMessageDelivery', 'RedrivePolicy'].includes(name)) {
    if (name === 'DeliveryPolicy') throw notSupported('delivery policies of SNS subscriptions');
    throw invalidParameter('AttributeName');
  }
}

export function setSubscriptionAttributes(state: SnsState) {
  return (input: SetSubscriptionAttributesInput): Record<string, never> => {
    const { subscription } = findSubscription(state, input.SubscriptionArn);
    const name = input.AttributeName ?? '';
    requireAttribute(name, input.AttributeValue);
    subscription.attributes[name] = input.AttributeValue ?? '';
    return {};
  };
}

export function getSubscriptionAttributes(state: SnsState) {
  return (input: GetSubscriptionAttributesInput): GetSubscriptionAttributesResponse => {
    const { subscription } = findSubscription(state, input.SubscriptionArn);
    return {
      Attributes: {
        RawMessageDelivery: 'false',
        ...subscription.attributes,
        SubscriptionArn: subscription.arn,
        TopicArn: subscription.topicArn,
        Protocol: subscription.protocol,
        Endpoint: subscription.endpoint,
        Owner: state.context.accountId,
        PendingConfirmation: String(!subscription.confirmed),
      },
    };
  };
}
