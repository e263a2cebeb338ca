import type { MessageAttributeValue, PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { notSupported } from '#sandbox/core/errors.ts';
import { parseFilterPolicy, policyMatches } from '../filter-policy.ts';
import { findTopic, invalidParameter, type PublishedMessage, type SnsState } from '../state.ts';

const maximumBytes = 256 * 1024;
const keptMessages = 1000;

export function publish(state: SnsState) {
  return (input: PublishInput): PublishResponse => {
    if (input.PhoneNumber) throw notSupported('SMS');
    const topic = findTopic(state, input.TopicArn ?? input.TargetArn);
    if (sizeOf(input) > maximumBytes) throw invalidParameter('Message too long');
    const bodyFor = validate(input);
    const message: PublishedMessage = {
      messageId: state.context.random.uuid(),
      topicArn: topic.arn,
      message: input.Message ?? '',
      ...(input.Subject !== undefined && { subject: input.Subject }),
      attributes: input.MessageAttributes ?? {},
      publishedAt: new Date(state.context.clock.now()),
    };
    topic.messages.push(message);
    if (topic.messages.length > keptMessages) topic.messages.shift();
    for (const subscription of topic.subscriptions.values()) {
      const policy = parseFilterPolicy(subscription.attributes.FilterPolicy || '{}');
      if (!subscription.confirmed || !policyMatches(policy, message.attributes)) continue;
      state.deliver(message, bodyFor(subscription.protocol), subscription);
    }
    state.published(message);
    return { MessageId: message.messageId };
  };
}

/** What counts towards the limit: the message and its attributes, names and types included. */
export function sizeOf(input: Pick<PublishInput, 'Message' | 'MessageAttributes'>): number {
  const attributes = Object.entries(input.MessageAttributes ?? {}).map(
    ([name, value]) =>
      Buffer.byteLength(name + value.DataType + (value.StringValue ?? '')) + (value.BinaryValue?.length ?? 0),
  );
  return Buffer.byteLength(input.Message ?? '') + attributes.reduce((sum, size) => sum + size, 0);
}

/** Checks the request as the API reference does and says which text each protocol gets. */
function validate(input: PublishInput): (protocol: string) => string {
  const message = input.Message ?? '';
  if (message === '') throw invalidParameter('Empty message');
  // "ASCII text that begins with a letter, number, or punctuation mark; no line breaks or control characters"
  if (input.Subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(input.Subject))
    throw invalidParameter('Subject');
  for (const [name, value] of Object.entries(input.MessageAttributes ?? {})) requireAttribute(name, value);
  if (input.MessageStructure === undefined) return () => message;
  if (input.MessageStructure !== 'json') throw invalidParameter('MessageStructure');
  const bodies = parseStructure(message);
  return (protocol) => bodies[protocol] ?? bodies.default ?? '';
}

function parseStructure(message: string): Record<string, string> {
  let bodies: unknown;
  try {
    bodies = JSON.parse(message);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  if (typeof (bodies as Record<string, unknown> | null)?.default !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return bodies as Record<string, string>;
}

function requireAttribute(
  name: string,
  { DataType = '', StringValue, BinaryValue }: MessageAttributeValue,
): void {
  const isText = /^(String|Number|String\.Array)(\.|$)/.test(DataType);
  if (!isText && !DataType.startsWith('Binary')) {
    throw invalidParameter(`The message attribute '${name}' has an invalid message attribute type`);
  }
  if ((isText ? StringValue : BinaryValue) === undefined) {
    throw invalidParameter(`The message attribute '${name}' must contain a non-empty value for its type`);
  }
}
