import type { ServiceCalls } from './calls.ts';
import { AwsError } from './errors.ts';

/** Whether `publishTo` can send to the ARN: SNS topics and SQS queues. */
export function isPublishable(arn: string): boolean {
  return /^arn:aws[\w-]*:(sns|sqs):[\w-]*:\d{12}:[\w.-]+$/.test(arn);
}

/** Sends a message to an SNS topic or an SQS queue by its ARN: destinations, dead-letter queues, targets. */
export async function publishTo(
  services: ServiceCalls | undefined,
  arn: string,
  body: string,
): Promise<void> {
  if (services === undefined || !isPublishable(arn)) {
    throw new AwsError('InvalidParameterValueException', `This sandbox cannot send to ${arn}`);
  }
  const [, , service, , , name] = arn.split(':');
  if (service === 'sns') {
    await services.call('sns', 'Publish', { TopicArn: arn, Message: body });
    return;
  }
  const { QueueUrl } = await services.call('sqs', 'GetQueueUrl', { QueueName: name });
  await services.call('sqs', 'SendMessage', { QueueUrl, MessageBody: body });
}
