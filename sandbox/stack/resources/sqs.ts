import { arn } from '#sandbox/core/arn.ts';
import type { ResourceType } from './resource-type.ts';
import { json, omit } from './shape.ts';

/** AWS::SQS::Queue. */
export const queue: ResourceType = {
  properties: '*',
  recorded: ['Tags', 'KmsMasterKeyId', 'SqsManagedSseEnabled'],
  async create({ properties, services, generatedName, context }) {
    const QueueName = String(properties.QueueName ?? generatedName(80));
    const attributes = omit(properties, ['QueueName', ...(queue.recorded ?? [])]);
    const Attributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, json(value)]),
    );
    const { QueueUrl } = await services.call('sqs', 'CreateQueue', { QueueName, Attributes });
    const remove = () => services.call('sqs', 'DeleteQueue', { QueueUrl });
    return {
      physicalId: QueueUrl,
      attributes: { Arn: arn(context, 'sqs', QueueName), QueueName, QueueUrl },
      remove,
    };
  },
};

/** AWS::SQS::QueuePolicy. */
export const queuePolicy: ResourceType = {
  properties: ['PolicyDocument', 'Queues'],
  async create({ properties, services, generatedName }) {
    const Attributes = { Policy: json(properties.PolicyDocument) };
    for (const QueueUrl of properties.Queues as string[]) {
      await services.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    }
    return { physicalId: generatedName(128) };
  },
};
