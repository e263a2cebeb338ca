import type {
  ConfirmSubscriptionInput,
  ConfirmSubscriptionResponse,
  SubscribeInput,
  SubscribeResponse,
  UnsubscribeInput,
} from '@aws-sdk/client-sns';
import { notSupported } from '#sandbox/core/errors.ts';
import { isPublishable } from '#sandbox/core/publish.ts';
import { findSubscription, findTopic, invalidParameter, type SnsState, type Subscription } from '../state.ts';
import { requireAttribute } from './subscription-attributes.ts';

/**
 * HTTP endpoints have to confirm with the token that is posted to them. Email is confirmed at once: nobody
 * gets a mail from the sandbox, its outbox stands for a reader who has clicked the link.
 */
export function subscribe(state: SnsState) {
  return (input: SubscribeInput): SubscribeResponse => {
    const topic = findTopic(state, input.TopicArn);
    const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
    requireEndpoint(protocol, endpoint);
    for (const [name, value] of Object.entries(input.Attributes ?? {})) requireAttribute(name, value);
    const known = [...topic.subscriptions.values()].find(
      (one) => one.protocol === protocol && one.endpoint === endpoint,
    );
    const subscription: Subscription = known ?? {
      arn: `${topic.arn}:${state.context.random.uuid()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      confirmed: protocol !== 'http',
      attributes: {},
      ...(protocol === 'http' && { token: state.context.random.hex(64) }),
    };
    Object.assign(subscription.attributes, input.Attributes);
    topic.subscriptions.set(subscription.arn, subscription);
    if (!subscription.confirmed) state.confirm(subscription);
    const shown = subscription.confirmed || input.ReturnSubscriptionArn;
    return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' };
  };
}

function requireEndpoint(protocol: string, endpoint: string): void {
  const fits: Record<string, (text: string) => boolean> = {
    http: isLoopback,
    sqs: (text) => isPublishable(text) && text.includes(':sqs:'),
    lambda: (text) => /^arn:aws[\w-]*:lambda:/.test(text),
    email: (text) => /^\S+@\S+$/.test(text),
    'email-json': (text) => /^\S+@\S+$/.test(text),
  };
  const isFitting = fits[protocol];
  if (['https', 'sms', 'application', 'firehose'].includes(protocol)) {
    throw notSupported(`SNS subscriptions with protocol '${protocol}'`);
  }
  if (!isFitting) throw invalidParameter('Protocol');
  if (!isFitting(endpoint))
    throw invalidParameter(`Endpoint${protocol === 'http' ? ': only loopback addresses' : ''}`);
}

function isLoopback(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
}

export function confirmSubscription(state: SnsState) {
  return (input: ConfirmSubscriptionInput): ConfirmSubscriptionResponse => {
    const topic = findTopic(state, input.TopicArn);
    const subscription = [...topic.subscriptions.values()].find(
      (one) => one.token && one.token === input.Token,
    );
    if (!subscription) throw invalidParameter('Token');
    subscription.confirmed = true;
    return { SubscriptionArn: subscription.arn };
  };
}

export function unsubscribe(state: SnsState) {
  return (input: UnsubscribeInput): Record<string, never> => {
    const { topic, subscription } = findSubscription(state, input.SubscriptionArn);
    topic.subscriptions.delete(subscription.arn);
    return {};
  };
}
