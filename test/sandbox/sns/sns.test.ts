import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServiceCalls } from '#sandbox/core/calls.ts';
import { listen } from '#sandbox/core/ports.ts';
import { createSns, type PublishedMessage } from '#sandbox/sns/sns.ts';
import { createSqs } from '#sandbox/sqs/sqs.ts';
import { administrator, bareContext } from '../support/bare-context.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function stage() {
  const time = { now: 1_700_000_000_000 };
  const context = bareContext({ now: () => time.now });
  const invoked: { name: string; event: { Records: Record<string, unknown>[] }; invoker?: object }[] = [];
  const sqs = createSqs(context);
  const sns = createSns(context, {
    services: createServiceCalls(context, [sqs.definition]),
    lambda: {
      invokeAsync: (name, payload, invoker) =>
        void invoked.push({ name, event: JSON.parse(payload), ...(invoker && { invoker }) }),
    },
  });
  closing.push(sns.close, sqs.close);
  const caller = (service: typeof sns | typeof sqs) => async (operation: string, input: object) =>
    await service.definition.operations[operation]?.(input, administrator);
  return { sns, topic: caller(sns), queue: caller(sqs), invoked, time };
}

async function withTopic() {
  const on = stage();
  const { TopicArn } = await on.topic('CreateTopic', { Name: 'deployments' });
  const { QueueUrl } = await on.queue('CreateQueue', { QueueName: 'letters' });
  const QueueArn = 'arn:aws:sqs:us-east-1:123456789012:letters';
  const received = async () => {
    await on.sns.idle();
    const { Messages = [] } = await on.queue('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
    return Messages.map((message: { Body: string }) => message.Body);
  };
  return { ...on, TopicArn, QueueUrl, QueueArn, received };
}

describe('SNS', () => {
  it('delivers to a queue in an envelope, or raw when asked', async () => {
    const { topic, TopicArn, QueueArn, received } = await withTopic();
    const subscription = await topic('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QueueArn });

    await topic('Publish', { TopicArn, Message: 'hello', Subject: 'greeting' });
    const [wrapped] = await received();
    await topic('SetSubscriptionAttributes', {
      SubscriptionArn: subscription.SubscriptionArn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    });
    await topic('Publish', { TopicArn, Message: 'raw' });

    expect(JSON.parse(wrapped)).toMatchObject({
      Type: 'Notification',
      TopicArn,
      Subject: 'greeting',
      Message: 'hello',
    });
    expect(await received()).toEqual(['raw']);
  });

  it('invokes functions with the event that Lambda documents', async () => {
    const { topic, TopicArn, invoked } = await withTopic();
    const Endpoint = 'arn:aws:lambda:us-east-1:123456789012:function:tell';
    await topic('Subscribe', { TopicArn, Protocol: 'lambda', Endpoint });

    await topic('Publish', {
      TopicArn,
      Message: 'hello',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'failed' } },
    });

    expect(invoked).toMatchObject([
      {
        name: Endpoint,
        invoker: { principal: 'sns.amazonaws.com', sourceArn: TopicArn },
        event: {
          Records: [
            {
              EventSource: 'aws:sns',
              Sns: { Message: 'hello', MessageAttributes: { kind: { Type: 'String', Value: 'failed' } } },
            },
          ],
        },
      },
    ]);
  });

  it('keeps mails in an outbox and messages for who looks', async () => {
    const { sns, topic, TopicArn } = await withTopic();
    const seen: PublishedMessage[] = [];
    sns.onPublish((message) => seen.push(message));
    await topic('Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' });
    const Message = JSON.stringify({ default: 'short', email: 'long text' });

    await topic('Publish', { TopicArn, Message, MessageStructure: 'json', Subject: 'Deployed' });

    expect(sns.outbox).toMatchObject([{ to: 'ops@example.com', subject: 'Deployed', body: 'long text' }]);
    expect(sns.messages(TopicArn)).toEqual(seen);
    expect(seen).toHaveLength(1);
  });

  it('delivers to an HTTP endpoint once that has confirmed', async () => {
    const { sns, topic, TopicArn } = await withTopic();
    const bodies: { Type: string; Token?: string; Message: string }[] = [];
    const server = createServer(async (request, response) => {
      bodies.push(JSON.parse(await text(request)));
      response.end();
    });
    const port = await listen(server);
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    const Endpoint = `http://127.0.0.1:${port}/hook`;

    const subscribed = await topic('Subscribe', { TopicArn, Protocol: 'http', Endpoint });
    await topic('Publish', { TopicArn, Message: 'too early' });
    await sns.idle();
    await topic('ConfirmSubscription', { TopicArn, Token: bodies[0]?.Token });
    await topic('Publish', { TopicArn, Message: 'in time' });
    await sns.idle();

    expect(subscribed.SubscriptionArn).toBe('pending confirmation');
    expect(bodies.map(({ Type }) => Type)).toEqual(['SubscriptionConfirmation', 'Notification']);
    expect(bodies[1]?.Message).toBe('in time');
  });

  it.each([
    [{ kind: ['failed'] }, 'failed'],
    [{ kind: [{ prefix: 'fail' }] }, 'failed'],
    [{ kind: [{ 'anything-but': ['deployed', 'superseded'] }] }, 'failed'],
    [{ kind: ['deployed', 'failed'], missing: [{ exists: false }] }, 'deployed,failed'],
    [{ missing: ['x'] }, ''],
  ])('delivers by the filter policy %j', async (policy, expected) => {
    const { topic, TopicArn, QueueArn, received } = await withTopic();
    const Attributes = { FilterPolicy: JSON.stringify(policy), RawMessageDelivery: 'true' };
    await topic('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QueueArn, Attributes });

    for (const kind of ['deployed', 'failed']) {
      const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
      await topic('Publish', { TopicArn, Message: kind, MessageAttributes });
    }

    expect((await received()).join()).toBe(expected);
  });

  it.each([
    ['an empty message', { Message: '' }, 'InvalidParameter'],
    ['a subject of two lines', { Message: 'x', Subject: 'two\nlines' }, 'InvalidParameter'],
    ['a subject of 101 characters', { Message: 'x', Subject: 'x'.repeat(101) }, 'InvalidParameter'],
    ['more than 256 KiB', { Message: 'é'.repeat(131_073) }, 'InvalidParameter'],
    ['a structure without default', { Message: '{}', MessageStructure: 'json' }, 'InvalidParameter'],
    [
      'to a missing topic',
      { Message: 'x', TopicArn: 'arn:aws:sns:us-east-1:123456789012:other' },
      'NotFound',
    ],
    ['to a telephone', { Message: 'x', PhoneNumber: '+123' }, 'UnsupportedOperation'],
  ])('refuses to publish %s', async (_what, input, code) => {
    const { topic, TopicArn } = await withTopic();

    await expect(topic('Publish', { TopicArn, ...input })).rejects.toMatchObject({ code });
  });

  it('says which filters and protocols it lacks', async () => {
    const { topic, TopicArn, QueueArn } = await withTopic();
    const subscribe = (input: object) =>
      topic('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QueueArn, ...input });
    const FilterPolicy = JSON.stringify({ n: [{ numeric: ['>', 1] }] });

    await expect(subscribe({ Attributes: { FilterPolicy } })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await expect(subscribe({ Protocol: 'sms', Endpoint: '+1' })).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await expect(subscribe({ Protocol: 'http', Endpoint: 'http://example.com/' })).rejects.toMatchObject({
      code: 'InvalidParameter',
    });
  });
});

describe('SQS', () => {
  it('hides a received message for its visibility timeout and forgets a deleted one', async () => {
    const { queue, QueueUrl, time } = await withTopic();
    await queue('SendMessage', { QueueUrl, MessageBody: 'work' });
    const receive = async () => (await queue('ReceiveMessage', { QueueUrl })).Messages?.[0];

    const first = await receive();
    const hidden = await receive();
    time.now += 30_000;
    const again = await receive();
    await queue('DeleteMessage', { QueueUrl, ReceiptHandle: again.ReceiptHandle });
    time.now += 30_000;

    expect([first.Body, hidden, again.MessageId]).toEqual(['work', undefined, first.MessageId]);
    expect(await receive()).toBeUndefined();
  });

  it('wakes a long poll when a message comes, and moves what fails too often to the dead letters', async () => {
    const { queue, QueueUrl, QueueArn } = await withTopic();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: 1 });
    const work = await queue('CreateQueue', { QueueName: 'work', Attributes: { RedrivePolicy } });
    const poll = queue('ReceiveMessage', {
      QueueUrl: work.QueueUrl,
      WaitTimeSeconds: 20,
      VisibilityTimeout: 0,
    });

    await queue('SendMessage', { QueueUrl: work.QueueUrl, MessageBody: 'poison' });
    const { Messages } = await poll;
    await queue('ReceiveMessage', { QueueUrl: work.QueueUrl });
    const dead = await queue('ReceiveMessage', { QueueUrl });

    expect([Messages[0].Body, dead.Messages[0].Body]).toEqual(['poison', 'poison']);
    const counts = await queue('GetQueueAttributes', { QueueUrl: work.QueueUrl, AttributeNames: ['All'] });
    expect(counts.Attributes.ApproximateNumberOfMessages).toBe('0');
  });
});
