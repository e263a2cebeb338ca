import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createIam } from '#sandbox/iam/iam.ts';
import { createStates } from '#sandbox/states/states.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { createRole } from '#test/sandbox/support/roles.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';
import { machine, task } from './step-functions.ts';

/** The real SDK client, the real front door and the real IAM around the service. */
const { context, remove } = testContext();
const iam = createIam(context);
const invoked: string[] = [];
const states = createStates(context, {
  iam,
  lambda: {
    invoke: async (name) => {
      invoked.push(name);
      return { payload: '{"ok":true}' };
    },
  },
});
const door = createFrontDoor(context, { definitions: [states.definition, iam.definition], iam });

afterAll(async () => {
  await states.close();
  await door.close();
  remove();
});

const machineTrust = { Service: 'states.amazonaws.com' };

async function clientFor(
  statements: { Action: string; Resource: string }[],
  name: string,
): Promise<SFNClient> {
  const roleArn = await createRole(iam, name, statements);
  return new SFNClient({
    region: context.region,
    endpoint: context.endpoint(),
    credentials: iam.issueCredentials(roleArn, 'test'),
    requestHandler: inProcessHandler(door),
    maxAttempts: 1,
  });
}

describe('Step Functions on the wire', () => {
  it('answers the real client: dates, histories, and errors of its own names', async () => {
    const client = await clientFor([{ Action: '*', Resource: '*' }], 'operator');
    const roleArn = await createRole(
      iam,
      'machine',
      [{ Action: 'lambda:InvokeFunction', Resource: '*' }],
      machineTrust,
    );
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: 'm',
        roleArn,
        definition: JSON.stringify(machine({ Call: task('f') })),
      }),
    );

    const { executionArn, startDate } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(startDate).toBeInstanceOf(Date);
    expect(invoked).toEqual([`arn:aws:lambda:${context.region}:${context.accountId}:function:f`]);
    expect(events?.map(({ type }) => type).at(-1)).toBe('ExecutionSucceeded');
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 0,
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    await expect(client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
    });
  });

  it('lets a caller start only the machines that its role allows', async () => {
    const client = await clientFor(
      [{ Action: 'states:StartExecution', Resource: 'arn:aws:states:*:*:stateMachine:other' }],
      'narrow',
    );

    const attempt = client.send(
      new StartExecutionCommand({
        stateMachineArn: `arn:aws:states:${context.region}:${context.accountId}:stateMachine:m`,
      }),
    );

    await expect(attempt).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('fails a Task whose machine may not invoke the function, and refuses a role that does not trust it', async () => {
    const client = await clientFor([{ Action: '*', Resource: '*' }], 'operator2');
    const definition = JSON.stringify(machine({ Call: task('f') }));
    const roleArn = await createRole(iam, 'powerless', [], machineTrust);
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({ name: 'p', roleArn, definition }),
    );

    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));

    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'FAILED',
      error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining('lambda:InvokeFunction'),
    });
    const distrustful = await createRole(iam, 'distrustful', []);
    await expect(
      client.send(new CreateStateMachineCommand({ name: 'd', roleArn: distrustful, definition })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('states.amazonaws.com'),
    });
  });
});
