import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** Until an HTTP endpoint has confirmed with this token, nothing is delivered to it. */
  token?: string;
  confirmed: boolean;
  attributes: Record<string, string>;
}

/** A message as it was published. */
export interface PublishedMessage {
  messageId: string;
  topicArn: string;
  message: string;
  subject?: string;
  attributes: Record<string, MessageAttributeValue>;
  publishedAt: Date;
}

/** A mail that SNS would have sent. */
export interface Email {
  to: string;
  subject: string;
  body: string;
  topicArn: string;
  messageId: string;
}

export interface Topic {
  arn: string;
  name: string;
  attributes: Record<string, string>;
  subscriptions: Map<string, Subscription>;
  messages: PublishedMessage[];
  tags: Map<string, string>;
}

export interface SnsState {
  context: SandboxContext;
  topics: Map<string, Topic>;
  /** Passes a message on to a subscription; never fails. */
  deliver(message: PublishedMessage, body: string, subscription: Subscription): void;
  confirm(subscription: Subscription): void;
  published(message: PublishedMessage): void;
}

export function invalidParameter(text: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${text}`);
}

export function findTopic(state: SnsState, arn: string | undefined): Topic {
  if (!arn?.startsWith('arn:')) throw invalidParameter('TopicArn');
  const topic = state.topics.get(arn);
  if (!topic) throw new AwsError('NotFound', 'Topic does not exist', { httpStatus: 404 });
  return topic;
}

export function findSubscription(
  state: SnsState,
  arn: string | undefined,
): { topic: Topic; subscription: Subscription } {
  for (const topic of state.topics.values()) {
    const subscription = topic.subscriptions.get(arn ?? '');
    if (subscription) return { topic, subscription };
  }
  throw new AwsError('NotFound', 'Subscription does not exist', { httpStatus: 404 });
}
