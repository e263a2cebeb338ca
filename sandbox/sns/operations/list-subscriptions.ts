import type {
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  ListSubscriptionsResponse,
  Subscription as SubscriptionShape,
} from '@aws-sdk/client-sns';
import { findTopic, type SnsState, type Subscription } from '../state.ts';
import { pageOf } from './page.ts';

export function listSubscriptionsByTopic(state: SnsState) {
  return (input: ListSubscriptionsByTopicInput): ListSubscriptionsByTopicResponse =>
    listed([...findTopic(state, input.TopicArn).subscriptions.values()], input.NextToken, state);
}

export function listSubscriptions(state: SnsState) {
  return (input: ListSubscriptionsInput): ListSubscriptionsResponse => {
    const all = [...state.topics.values()].flatMap((topic) => [...topic.subscriptions.values()]);
    return listed(all, input.NextToken, state);
  };
}

function listed(subscriptions: Subscription[], token: string | undefined, state: SnsState) {
  const { items, NextToken } = pageOf(subscriptions, token);
  const Subscriptions: SubscriptionShape[] = items.map((subscription) => ({
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: state.context.accountId,
  }));
  return { Subscriptions, NextToken };
}
