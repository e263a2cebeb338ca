import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export interface QueuedMessage {
  id: string;
  body: string;
  attributes: Record<string, { DataType?: string; StringValue?: string; BinaryValue?: Uint8Array }>;
  sentAt: number;
  /** From when on a receiver may have it (again). */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Of the last receive; an older handle deletes nothing. */
  receiptHandle?: string;
}

export interface Queue {
  name: string;
  url: string;
  arn: string;
  createdAt: number;
  attributes: Record<string, string>;
  messages: QueuedMessage[];
  tags: Record<string, string>;
}

export interface SqsState {
  context: SandboxContext;
  queues: Map<string, Queue>;
  /** Long polls that wait for a message of the queue. */
  waiting: Map<Queue, Set<() => void>>;
  /** Nobody waits any more. */
  closed: boolean;
}

export function findQueue(state: SqsState, url: string | undefined): Queue {
  const queue = state.queues.get(url?.split('/').pop() ?? '');
  if (!queue) throw queueDoesNotExist();
  return queue;
}

export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** What the API documents as defaults; all attributes are text on the wire. */
export const defaultAttributes: Record<string, string> = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
};

/** Drops what the retention period has expired. */
export function expire(state: SqsState, queue: Queue): void {
  const oldest = state.context.clock.now() - Number(queue.attributes.MessageRetentionPeriod) * 1000;
  queue.messages = queue.messages.filter((message) => message.sentAt >= oldest);
}

/** Puts a message in and wakes those who wait for one. */
export function enqueue(state: SqsState, queue: Queue, message: QueuedMessage): void {
  expire(state, queue);
  queue.messages.push(message);
  for (const wake of [...(state.waiting.get(queue) ?? [])]) wake();
}
