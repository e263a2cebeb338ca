import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createWorld, type World } from './harness.ts';

/** What could not be handled lies in the queue, as the compiled template wires it and the shipped roles allow it. */
let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(() => world.end());

async function deadLetters(): Promise<Record<string, never>[]> {
  const { QueueUrl } = await world.call('sqs', 'GetQueueUrl', { QueueName: 'landfall-dev-dead-letters' });
  const { Messages = [] } = await world.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages)
    await world.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
  return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body));
}

const arrived = () =>
  world.simulation.time.until('a dead letter', async () => {
    const letters = await deadLetters();
    return letters.length > 0 ? letters : undefined;
  });

describe('the dead-letter queue', () => {
  it('gets the event that a function refuses, with the reason, after Lambda has tried three times', async () => {
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:landfall-dev';
    await world.call('states', 'StartExecution', { stateMachineArn, name: 'by-hand', input: '{}' });

    const letters = await arrived();

    expect(letters).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
          functionArn: expect.stringContaining('executionEnded'),
        }),
        requestPayload: expect.objectContaining({ source: 'aws.states' }),
        responsePayload: expect.objectContaining({
          errorType: 'InvalidEvent',
          errorMessage: expect.stringContaining('by-hand is no deployment document'),
        }),
      }),
    ]);
  });

  it('gets the event of a rule that may no longer call its function, as it came', async () => {
    const FunctionName = 'landfall-dev-executionEnded';
    const { Policy } = await world.call('lambda', 'GetPolicy', { FunctionName });
    for (const { Sid } of JSON.parse(Policy).Statement)
      await world.call('lambda', 'RemovePermission', { FunctionName, StatementId: Sid });

    await world.deploy();

    expect(await arrived()).toEqual([
      expect.objectContaining({
        'detail-type': 'Step Functions Execution Status Change',
        detail: expect.objectContaining({ name: expect.stringContaining('webapp-') }),
      }),
    ]);
  });
});
