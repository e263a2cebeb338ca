import type { Properties, ResourceType } from './resource-type.ts';
import { json, omit, textMap } from './shape.ts';

/** AWS::SNS::Topic, with the subscriptions it declares itself. */
export const topic: ResourceType = {
  properties: ['TopicName', 'DisplayName', 'Subscription', 'FifoTopic', 'ContentBasedDeduplication'],
  recorded: ['Tags', 'KmsMasterKeyId', 'TracingConfig'],
  async create({ properties, services, generatedName }) {
    const TopicName = String(properties.TopicName ?? generatedName(256));
    const attributes = omit(properties, ['TopicName', 'Subscription', ...(topic.recorded ?? [])]);
    const { TopicArn } = await services.call('sns', 'CreateTopic', {
      Name: TopicName,
      Attributes: textMap(attributes),
    });
    for (const { Protocol, Endpoint } of (properties.Subscription ?? []) as Properties[]) {
      await services.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint });
    }
    const remove = () => services.call('sns', 'DeleteTopic', { TopicArn });
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName }, remove };
  },
};

/** AWS::SNS::TopicPolicy. */
export const topicPolicy: ResourceType = {
  properties: ['PolicyDocument', 'Topics'],
  async create({ properties, services, generatedName }) {
    for (const TopicArn of properties.Topics as string[]) {
      const AttributeValue = json(properties.PolicyDocument);
      await services.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
    }
    return { physicalId: generatedName(128) };
  },
};

const SUBSCRIPTION_ATTRIBUTES = [
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'DeliveryPolicy',
];

/** AWS::SNS::Subscription. */
export const subscription: ResourceType = {
  properties: ['TopicArn', 'Protocol', 'Endpoint', ...SUBSCRIPTION_ATTRIBUTES],
  async create({ properties, services }) {
    const { TopicArn, Protocol, Endpoint } = properties;
    const declared = SUBSCRIPTION_ATTRIBUTES.filter((name) => properties[name] !== undefined);
    const Attributes = Object.fromEntries(declared.map((name) => [name, json(properties[name])]));
    const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
    const { SubscriptionArn } = await services.call('sns', 'Subscribe', input);
    const remove = () => services.call('sns', 'Unsubscribe', { SubscriptionArn });
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn }, remove };
  },
};
