import type {
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  SetQueueAttributesRequest,
} from '@aws-sdk/client-sqs';
import { AwsError } from '#sandbox/core/errors.ts';
import { expire, findQueue, type Queue, type SqsState } from '../state.ts';

const ranges: Record<string, [number, number]> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};
const texts = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'FifoQueue', 'SqsManagedSseEnabled']);

export function validateAttributes(attributes: Record<string, string>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = ranges[name];
    if (!range && !texts.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (range && !(Number(value) >= range[0] && Number(value) <= range[1])) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
}

export function setQueueAttributes(state: SqsState) {
  return (input: SetQueueAttributesRequest): Record<string, never> => {
    const queue = findQueue(state, input.QueueUrl);
    const attributes = (input.Attributes ?? {}) as Record<string, string>;
    validateAttributes(attributes);
    Object.assign(queue.attributes, attributes);
    return {};
  };
}

export function getQueueAttributes(state: SqsState) {
  return (input: GetQueueAttributesRequest): GetQueueAttributesResult => {
    const queue = findQueue(state, input.QueueUrl);
    expire(state, queue);
    const all = { ...queue.attributes, ...counted(queue, state.context.clock.now()) };
    const names: string[] = input.AttributeNames ?? [];
    const shown = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
    return { Attributes: Object.fromEntries(shown) };
  };
}

function counted(queue: Queue, now: number): Record<string, string> {
  const isDelayed = (message: Queue['messages'][number]) =>
    message.receiveCount === 0 && message.visibleAt > now;
  const visible = queue.messages.filter((message) => message.visibleAt <= now).length;
  const delayed = queue.messages.filter(isDelayed).length;
  return {
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - visible - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
