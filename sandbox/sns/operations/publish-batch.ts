import type { PublishBatchInput, PublishBatchResponse } from '@aws-sdk/client-sns';
import { AwsError } from '#sandbox/core/errors.ts';
import { findTopic, type SnsState } from '../state.ts';
import { publish, sizeOf } from './publish.ts';

/** Up to ten messages of 256 KiB together; each succeeds or fails on its own. */
export function publishBatch(state: SnsState) {
  return (input: PublishBatchInput): PublishBatchResponse => {
    const topic = findTopic(state, input.TopicArn);
    const entries = input.PublishBatchRequestEntries ?? [];
    validate(entries);
    const answer: Required<PublishBatchResponse> = { Successful: [], Failed: [] };
    for (const { Id, ...entry } of entries) {
      try {
        const { MessageId } = publish(state)({ ...entry, TopicArn: topic.arn });
        answer.Successful.push({ Id, MessageId });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answer.Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return answer;
  };
}

function validate(entries: NonNullable<PublishBatchInput['PublishBatchRequestEntries']>): void {
  const ids = entries.map(({ Id }) => Id);
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  }
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > 256 * 1024) {
    throw new AwsError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
}
