import * as sdk from '@aws-sdk/client-sqs';
import { arn } from '#sandbox/core/arn.ts';
import type { AuthorizationRequest, SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { changeMessageVisibility, deleteMessage } from './operations/delete-message.ts';
import { getQueueAttributes, setQueueAttributes } from './operations/queue-attributes.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, purgeQueue } from './operations/queues.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { sendMessage } from './operations/send-message.ts';
import type { SqsState } from './state.ts';

/** Standard SQS queues: what dead-letter queues and event targets need. No FIFO, no batches. */
export interface Sqs {
  definition: ServiceDefinition;
  /** Ends the long polls that still wait. */
  close(): Promise<void>;
}

export function createSqs(context: SandboxContext): Sqs {
  const state: SqsState = { context, queues: new Map(), waiting: new Map(), closed: false };
  return {
    definition: {
      signingName: 'sqs',
      sdk,
      operations: {
        CreateQueue: createQueue(state),
        DeleteQueue: deleteQueue(state),
        GetQueueUrl: getQueueUrl(state),
        ListQueues: listQueues(state),
        PurgeQueue: purgeQueue(state),
        GetQueueAttributes: getQueueAttributes(state),
        SetQueueAttributes: setQueueAttributes(state),
        SendMessage: sendMessage(state),
        ReceiveMessage: receiveMessage(state),
        DeleteMessage: deleteMessage(state),
        ChangeMessageVisibility: changeMessageVisibility(state),
      },
      authorize: (operation, input) => authorize(context, operation, input),
    },
    async close() {
      state.closed = true;
      for (const wake of [...state.waiting.values()].flatMap((waiting) => [...waiting])) wake();
    },
  };
}

/** Service Authorization Reference, "Amazon SQS": everything but ListQueues is asked for on the queue. */
function authorize(
  context: SandboxContext,
  operation: string,
  input: Record<string, unknown>,
): AuthorizationRequest[] {
  const name =
    input.QueueName ??
    String(input.QueueUrl ?? '')
      .split('/')
      .pop();
  const resource = operation === 'ListQueues' ? '*' : arn(context, 'sqs', String(name));
  return [{ action: `sqs:${operation}`, resources: [resource] }];
}
