import type { ChangeMessageVisibilityRequest, DeleteMessageRequest } from '@aws-sdk/client-sqs';
import { AwsError } from '#sandbox/core/errors.ts';
import { findQueue, type SqsState } from '../state.ts';

/** Deletes what this receive handed out; an older receipt of the same message deletes nothing. */
export function deleteMessage(state: SqsState) {
  return (input: DeleteMessageRequest): Record<string, never> => {
    const queue = findQueue(state, input.QueueUrl);
    queue.messages = queue.messages.filter((message) => message.receiptHandle !== input.ReceiptHandle);
    return {};
  };
}

export function changeMessageVisibility(state: SqsState) {
  return (input: ChangeMessageVisibilityRequest): Record<string, never> => {
    const queue = findQueue(state, input.QueueUrl);
    const message = queue.messages.find((one) => one.receiptHandle === input.ReceiptHandle);
    if (!message) {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${input.ReceiptHandle}" is not a valid receipt handle.`,
        { httpStatus: 404 },
      );
    }
    message.visibleAt = state.context.clock.now() + (input.VisibilityTimeout ?? 0) * 1000;
    for (const wake of [...(state.waiting.get(queue) ?? [])]) wake();
    return {};
  };
}
