import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import { nameOfCall } from './fault-matrix/faults.ts';
import { createWorld, type Ended, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { startAndSettle, startHolder } from './queue.ts';

/** What a person, a chat and a machine are told of a release that goes live, of one that fails and of one displaced. */
let world: World;
let failed: Ended;
const received: Record<string, string[]> = { people: [], chat: [], machines: [] };

const arnOf = (service: string, name: string) => `arn:aws:${service}:us-east-1:000000000000:${name}`;

async function queue(name: string): Promise<string> {
  await world.call('sqs', 'CreateQueue', { QueueName: name });
  return arnOf('sqs', name);
}

async function drain(QueueName: string): Promise<string[]> {
  const { QueueUrl } = await world.call('sqs', 'GetQueueUrl', { QueueName });
  const { Messages = [] } = await world.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body }: { Body: string }) => Body);
}

beforeAll(async () => {
  world = await createWorld({
    behave: (spec) =>
      releaseOf(spec) === 2 && isMigration(spec)
        ? { exitAfterMilliseconds: 500, exitCode: 1 }
        : wellBehaved(spec),
  });
  for (const [name, topic] of [
    ['people', 'landfall-dev'],
    ['chat', 'landfall-dev-chat'],
  ]) {
    await world.call('sns', 'Subscribe', {
      TopicArn: arnOf('sns', topic ?? ''),
      Protocol: 'sqs',
      Endpoint: await queue(name ?? ''),
      Attributes: { RawMessageDelivery: 'true' },
    });
  }
  await world.call('events', 'PutRule', {
    Name: 'ends',
    EventPattern: JSON.stringify({ source: ['landfall'] }),
  });
  const Targets = [{ Id: 'queue', Arn: await queue('machines') }];
  await world.call('events', 'PutTargets', { Rule: 'ends', Targets });
  await world.deploy();
  failed = await world.deploy();
  // Two wait behind a third: the later one takes the earlier one's place.
  const holder = await startHolder(world, 3, 100);
  const displaced = await startAndSettle(world, { build: 4 });
  const last = await world.start({ build: 5 });
  for (const each of [displaced, holder, last]) await world.ended(each);
  await world.simulation.time.pass(1);
  for (const name of Object.keys(received)) received[name] = await drain(name);
});

afterAll(() => world.end());

describe('the end of a deployment', () => {
  it('is told to people in words', () => {
    expect(received.people).toHaveLength(5);
    expect(received.people).toContainEqual(expect.stringContaining('is live as'));
    expect(received.people).toContainEqual(expect.stringContaining(failed.message.split('\n')[0] ?? ''));
  });

  it('is told to chats as custom notifications', () => {
    const messages = received.chat?.map((text) => JSON.parse(text)) ?? [];

    expect(messages.map(({ content }) => content.title).sort()).toEqual([
      'webapp gave way to another deployment',
      'webapp is live',
      'webapp is live',
      'webapp is live',
      'webapp was not deployed: MigrationFailed',
    ]);
    for (const message of messages) expect(message).toMatchObject({ version: '1.0', source: 'custom' });
  });

  it('is told to machines as the documented schema says', () => {
    const file = new URL('../../docs/events/deployment-state-change.schema.json', import.meta.url);
    const validate = new Ajv2020().compile(JSON.parse(readFileSync(file, 'utf8')));
    const events = received.machines?.map((text) => JSON.parse(text)) ?? [];

    expect(events.map(({ detail }) => detail.status).sort()).toEqual([
      'FAILED',
      ...Array(5).fill('RUNNING'),
      ...Array(3).fill('SUCCEEDED'),
      'SUPERSEDED',
    ]);
    for (const { 'detail-type': type, detail } of events) {
      expect(type).toBe('Landfall Deployment State Change');
      expect([validate(detail), validate.errors]).toEqual([true, null]);
    }
  });
});

describe('the beginning of a deployment', () => {
  it('is told also where the answer is lost of the write that puts it on record', async () => {
    let lost = 0;
    world.scenario.disturb = async (call, perform) => {
      const answer = await perform();
      if (lost > 0 || nameOfCall(call) !== 'dynamodb:PutItem (record)') return answer;
      lost += 1;
      throw new ConnectionLost();
    };

    const end = await world.deploy();

    expect([end.status, lost]).toEqual(['SUCCEEDED', 1]);
    await world.simulation.time.pass(1);
    const told = (await drain('machines')).map((text) => JSON.parse(text).detail.status);
    expect(told).toEqual(['RUNNING', 'SUCCEEDED']);
  });
});
