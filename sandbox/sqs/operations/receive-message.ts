import type { Message, ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { AwsError } from '#sandbox/core/errors.ts';
import { enqueue, expire, findQueue, type Queue, type QueuedMessage, type SqsState } from '../state.ts';
import { md5 } from './send-message.ts';

/** Short or long polling. What is handed out stays invisible to others for the visibility timeout. */
export function receiveMessage(state: SqsState) {
  return async (input: ReceiveMessageRequest): Promise<ReceiveMessageResult> => {
    const queue = findQueue(state, input.QueueUrl);
    const most = input.MaxNumberOfMessages ?? 1;
    if (most < 1 || most > 10) {
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    }
    const wait = input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
    const deadline = state.context.clock.now() + wait * 1000;
    let taken = take(state, queue, most, input.VisibilityTimeout);
    while (taken.length === 0 && state.context.clock.now() < deadline && !state.closed) {
      await arrival(state, queue, deadline);
      taken = take(state, queue, most, input.VisibilityTimeout);
    }
    const names = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])] as string[];
    return taken.length > 0 ? { Messages: taken.map((message) => describe(message, names, input)) } : {};
  };
}

function take(
  state: SqsState,
  queue: Queue,
  most: number,
  visibilityTimeout: number | undefined,
): QueuedMessage[] {
  expire(state, queue);
  const now = state.context.clock.now();
  const invisible = (visibilityTimeout ?? Number(queue.attributes.VisibilityTimeout)) * 1000;
  const visible = queue.messages.filter((message) => message.visibleAt <= now);
  const alive = visible.filter((message) => !moveToDeadLetters(state, queue, message)).slice(0, most);
  for (const message of alive) {
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + invisible;
    message.receiptHandle = state.context.random.hex(64);
  }
  return alive;
}

/** A message received maxReceiveCount times already goes to the dead-letter queue instead. */
function moveToDeadLetters(state: SqsState, queue: Queue, message: QueuedMessage): boolean {
  if (!queue.attributes.RedrivePolicy) return false;
  const { deadLetterTargetArn = '', maxReceiveCount = 0 } = JSON.parse(queue.attributes.RedrivePolicy) as {
    deadLetterTargetArn?: string;
    maxReceiveCount?: number | string;
  };
  const target = state.queues.get(deadLetterTargetArn.split(':').pop() ?? '');
  if (!target || message.receiveCount < Number(maxReceiveCount)) return false;
  queue.messages = queue.messages.filter((other) => other !== message);
  enqueue(state, target, { ...message, receiptHandle: undefined });
  return true;
}

/** Resolves when a message came in, one became visible again, or the time is over. */
function arrival(state: SqsState, queue: Queue, deadline: number): Promise<void> {
  const { clock } = state.context;
  const next = Math.min(deadline, ...queue.messages.map((message) => message.visibleAt));
  return new Promise((resolve) => {
    const waiting = state.waiting.get(queue) ?? new Set();
    state.waiting.set(queue, waiting);
    const wake = () => {
      clock.clearTimeout(timer);
      waiting.delete(wake);
      resolve();
    };
    const timer = clock.setTimeout(wake, Math.max(next - clock.now(), 0));
    waiting.add(wake);
  });
}

function describe(message: QueuedMessage, names: string[], input: ReceiveMessageRequest): Message {
  const system: Record<string, string> = {
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
  const shown = Object.entries(system).filter(([name]) => names.includes('All') || names.includes(name));
  const wanted = input.MessageAttributeNames ?? [];
  const attributes = Object.entries(message.attributes).filter(
    ([name]) => wanted.includes('All') || wanted.includes('.*') || wanted.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(shown.length > 0 && { Attributes: Object.fromEntries(shown) }),
    ...(attributes.length > 0 && {
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, value]) => [name, { DataType: value.DataType ?? 'String', ...value }]),
      ),
    }),
  };
}
