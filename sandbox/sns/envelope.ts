import type { PublishedMessage, Subscription } from './state.ts';

/**
 * The notification as SNS wraps it for queues and HTTP endpoints. It carries no Signature: the sandbox has no
 * certificate of AWS, and one that verifies against nothing would be worse than none.
 */
export function notification(message: PublishedMessage, body: string, subscription: Subscription) {
  const attributes = Object.entries(message.attributes).map(([name, value]) => [
    name,
    {
      Type: value.DataType,
      Value: value.StringValue ?? Buffer.from(value.BinaryValue ?? []).toString('base64'),
    },
  ]);
  return {
    Type: 'Notification',
    MessageId: message.messageId,
    TopicArn: subscription.topicArn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: body,
    Timestamp: message.publishedAt.toISOString(),
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

/** The event of a Lambda function that is subscribed to a topic. */
export function lambdaEvent(message: PublishedMessage, body: string, subscription: Subscription) {
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: { Subject: null, MessageAttributes: {}, ...notification(message, body, subscription) },
      },
    ],
  };
}
