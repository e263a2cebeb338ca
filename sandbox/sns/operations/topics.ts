import type {
  CreateTopicInput,
  CreateTopicResponse,
  DeleteTopicInput,
  GetTopicAttributesInput,
  GetTopicAttributesResponse,
  ListTopicsInput,
  ListTopicsResponse,
  SetTopicAttributesInput,
} from '@aws-sdk/client-sns';
import { arn } from '#sandbox/core/arn.ts';
import { notSupported } from '#sandbox/core/errors.ts';
import { findTopic, invalidParameter, type SnsState, type Topic } from '../state.ts';
import { pageOf } from './page.ts';

/** Creating a topic that is there answers its ARN, as AWS does. */
export function createTopic(state: SnsState) {
  return (input: CreateTopicInput): CreateTopicResponse => {
    const name = input.Name ?? '';
    const attributes = input.Attributes ?? {};
    if (name.endsWith('.fifo') || attributes.FifoTopic === 'true') throw notSupported('FIFO topics');
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const topicArn = arn(state.context, 'sns', name);
    const topic: Topic = state.topics.get(topicArn) ?? {
      arn: topicArn,
      name,
      attributes: {},
      subscriptions: new Map(),
      messages: [],
      tags: new Map(),
    };
    Object.assign(topic.attributes, attributes);
    for (const { Key = '', Value = '' } of input.Tags ?? []) topic.tags.set(Key, Value);
    state.topics.set(topicArn, topic);
    return { TopicArn: topicArn };
  };
}

/** "This action is idempotent, so deleting a topic that does not exist does not result in an error." */
export function deleteTopic(state: SnsState) {
  return (input: DeleteTopicInput): Record<string, never> => {
    state.topics.delete(input.TopicArn ?? '');
    return {};
  };
}

export function listTopics(state: SnsState) {
  return (input: ListTopicsInput): ListTopicsResponse => {
    const { items, NextToken } = pageOf([...state.topics.values()], input.NextToken);
    return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), NextToken };
  };
}

export function getTopicAttributes(state: SnsState) {
  return (input: GetTopicAttributesInput): GetTopicAttributesResponse => {
    const topic = findTopic(state, input.TopicArn);
    const subscriptions = [...topic.subscriptions.values()];
    const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length;
    return {
      Attributes: {
        ...topic.attributes,
        TopicArn: topic.arn,
        Owner: state.context.accountId,
        DisplayName: topic.attributes.DisplayName ?? '',
        SubscriptionsConfirmed: String(confirmed),
        SubscriptionsPending: String(subscriptions.length - confirmed),
      },
    };
  };
}

const settable = [
  'Policy',
  'DisplayName',
  'DeliveryPolicy',
  'SignatureVersion',
  'TracingConfig',
  'KmsMasterKeyId',
];

export function setTopicAttributes(state: SnsState) {
  return (input: SetTopicAttributesInput): Record<string, never> => {
    const topic = findTopic(state, input.TopicArn);
    const name = input.AttributeName ?? '';
    if (!settable.includes(name)) throw invalidParameter('AttributeName');
    topic.attributes[name] = input.AttributeValue ?? '';
    return {};
  };
}
