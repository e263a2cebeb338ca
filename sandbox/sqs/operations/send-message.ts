import { createHash } from 'node:crypto';
import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import { AwsError } from '#sandbox/core/errors.ts';
import { enqueue, findQueue, type SqsState } from '../state.ts';

export function sendMessage(state: SqsState) {
  return (input: SendMessageRequest): SendMessageResult => {
    const queue = findQueue(state, input.QueueUrl);
    const body = input.MessageBody ?? '';
    const limit = Number(queue.attributes.MaximumMessageSize);
    if (body === '')
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (Buffer.byteLength(body) > limit) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
      );
    }
    const now = state.context.clock.now();
    const id = state.context.random.uuid();
    enqueue(state, queue, {
      id,
      body,
      attributes: input.MessageAttributes ?? {},
      sentAt: now,
      visibleAt: now + (input.DelaySeconds ?? Number(queue.attributes.DelaySeconds)) * 1000,
      receiveCount: 0,
    });
    return { MessageId: id, MD5OfMessageBody: md5(body) };
  };
}

/** The SDK compares this digest with the body that it sent or received. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
