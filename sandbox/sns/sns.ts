import * as sdk from '@aws-sdk/client-sns';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { createDelivery, type DeliveryNeeds } from './delivery.ts';
import { listSubscriptions, listSubscriptionsByTopic } from './operations/list-subscriptions.ts';
import { publish } from './operations/publish.ts';
import { publishBatch } from './operations/publish-batch.ts';
import { confirmSubscription, subscribe, unsubscribe } from './operations/subscribe.ts';
import {
  getSubscriptionAttributes,
  setSubscriptionAttributes,
} from './operations/subscription-attributes.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTopics,
  setTopicAttributes,
} from './operations/topics.ts';
import type { Email, PublishedMessage, SnsState } from './state.ts';

export type { Email, PublishedMessage } from './state.ts';

/** SNS: standard topics with Lambda, SQS, HTTP and email subscribers. */
export interface Sns {
  definition: ServiceDefinition;
  /** The last thousand messages of the topic, oldest first. */
  messages(topicArn: string): PublishedMessage[];
  /** The mails that would have been sent. */
  outbox: readonly Email[];
  /** Tells the listener of every message from now on, until the returned function is called. */
  onPublish(listener: (message: PublishedMessage) => void): () => void;
  /** Resolves when nothing is on its way to a subscriber. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function createSns(context: SandboxContext, needs: DeliveryNeeds = {}): Sns {
  const delivery = createDelivery(context, needs);
  const listeners = new Set<(message: PublishedMessage) => void>();
  const state: SnsState = {
    context,
    topics: new Map(),
    deliver: delivery.deliver,
    confirm: delivery.confirm,
    published: (message) => {
      for (const listener of listeners) listener(message);
    },
  };
  return {
    definition: {
      signingName: 'sns',
      sdk,
      operations: {
        CreateTopic: createTopic(state),
        DeleteTopic: deleteTopic(state),
        ListTopics: listTopics(state),
        GetTopicAttributes: getTopicAttributes(state),
        SetTopicAttributes: setTopicAttributes(state),
        Subscribe: subscribe(state),
        ConfirmSubscription: confirmSubscription(state),
        Unsubscribe: unsubscribe(state),
        ListSubscriptions: listSubscriptions(state),
        ListSubscriptionsByTopic: listSubscriptionsByTopic(state),
        GetSubscriptionAttributes: getSubscriptionAttributes(state),
        SetSubscriptionAttributes: setSubscriptionAttributes(state),
        Publish: publish(state),
        PublishBatch: publishBatch(state),
        TagResource: tagResource(state),
        UntagResource: untagResource(state),
        ListTagsForResource: listTagsForResource(state),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },
    messages: (topicArn) => [...(state.topics.get(topicArn)?.messages ?? [])],
    outbox: delivery.outbox,
    onPublish(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    idle: delivery.idle,
    close: delivery.close,
  };
}

/** Service Authorization Reference, "Amazon SNS": topics are the only resource; a batch is sns:Publish too. */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const action = `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`;
  const subscribed = String(input.SubscriptionArn ?? '').replace(/:[0-9a-f-]{36}$/, '');
  const topicArn = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? (subscribed || undefined);
  const created = operation === 'CreateTopic' ? arn(context, 'sns', String(input.Name)) : undefined;
  return [{ action, resources: [created ?? String(topicArn ?? '*')] }];
}
