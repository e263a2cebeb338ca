import type {
  CreateQueueRequest,
  CreateQueueResult,
  DeleteQueueRequest,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  ListQueuesRequest,
  ListQueuesResult,
  PurgeQueueRequest,
} from '@aws-sdk/client-sqs';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { defaultAttributes, findQueue, type Queue, queueDoesNotExist, type SqsState } from '../state.ts';
import { validateAttributes } from './queue-attributes.ts';

export function createQueue(state: SqsState) {
  return (input: CreateQueueRequest): CreateQueueResult => {
    const name = input.QueueName ?? '';
    const asked = (input.Attributes ?? {}) as Record<string, string>;
    if (name.endsWith('.fifo') || asked.FifoQueue === 'true') throw notSupported('FIFO queues');
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw new AwsError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    validateAttributes(asked);
    const known = state.queues.get(name);
    if (known && Object.entries(asked).some(([key, value]) => known.attributes[key] !== value)) {
      throw new AwsError(
        'QueueNameExists',
        'A queue already exists with the same name and a different value for attribute(s)',
      );
    }
    if (known) return { QueueUrl: known.url };
    const queue: Queue = {
      name,
      url: `${state.context.endpoint()}/${state.context.accountId}/${name}`,
      arn: arn(state.context, 'sqs', name),
      createdAt: state.context.clock.now(),
      attributes: { ...defaultAttributes, ...asked },
      messages: [],
      tags: input.tags ?? {},
    };
    state.queues.set(name, queue);
    return { QueueUrl: queue.url };
  };
}

export function deleteQueue(state: SqsState) {
  return (input: DeleteQueueRequest): Record<string, never> => {
    state.queues.delete(findQueue(state, input.QueueUrl).name);
    return {};
  };
}

export function getQueueUrl(state: SqsState) {
  return (input: GetQueueUrlRequest): GetQueueUrlResult => {
    const queue = state.queues.get(input.QueueName ?? '');
    if (!queue) throw queueDoesNotExist();
    return { QueueUrl: queue.url };
  };
}

export function listQueues(state: SqsState) {
  return (input: ListQueuesRequest): ListQueuesResult => {
    const queues = [...state.queues.values()].filter(({ name }) =>
      name.startsWith(input.QueueNamePrefix ?? ''),
    );
    return { QueueUrls: queues.map(({ url }) => url) };
  };
}

export function purgeQueue(state: SqsState) {
  return (input: PurgeQueueRequest): Record<string, never> => {
    findQueue(state, input.QueueUrl).messages = [];
    return {};
  };
}
