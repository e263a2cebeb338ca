import * as ec2 from '@aws-sdk/client-ec2';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import * as sfn from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import FakeTimers from '@sinonjs/fake-timers';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ServiceDefinition } from '#sandbox/core/service.ts';
import { createFrontDoor } from '#sandbox/wire/front-door.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { fc } from '#test/support/property.ts';
import {
  calls,
  close,
  context,
  credentials,
  debugged,
  forget,
  iam,
  inProcess,
  open,
  overSocket,
  received,
  region,
  startedAt,
} from './stage.ts';

let endpoint: string;

beforeAll(async () => {
  endpoint = await open();
});
beforeEach(forget);
afterAll(close);

describe.each([
  ['a socket', overSocket],
  ['this process', inProcess],
])('through %s', (_, transport) => {
  it('awsJson carries structures, numbers and timestamps both ways', async () => {
    const input = {
      taskDefinition: 'migrate:1',
      count: 2,
      overrides: { containerOverrides: [{ name: 'migrate', command: ['a', 'ü'] }] },
      enableECSManagedTags: false,
    };

    const output = await new ecs.ECSClient(transport()).send(new ecs.RunTaskCommand(input));

    expect(received()).toEqual({ ...input, clientToken: expect.any(String) });
    expect(output).toMatchObject({ tasks: [{ taskArn: 'arn', startedAt, cpu: '256' }], failures: [] });
    expect(output.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('query carries lists and structures, and tells the two load balancing services apart', async () => {
    const v2 = new elbv2.ElasticLoadBalancingV2Client(transport());
    const classic = new elb.ElasticLoadBalancingClient(transport());
    const input = {
      Name: 'web & more',
      Port: 80,
      HealthCheckEnabled: false,
      Matcher: { HttpCode: '200-299' },
      Tags: [
        { Key: 'a+b', Value: 'ü' },
        { Key: 'c', Value: '' },
      ],
    };

    const created = await v2.send(new elbv2.CreateTargetGroupCommand(input));
    const got = received();
    const health = await classic.send(new elb.DescribeInstanceHealthCommand({ LoadBalancerName: 'x' }));
    const none = await v2.send(new elbv2.DescribeTargetHealthCommand({ TargetGroupArn: 'x' }));

    expect(got).toEqual(input);
    expect(created.TargetGroups).toEqual([{ TargetGroupArn: 'arn', HealthCheckEnabled: true, Port: 80 }]);
    expect(health.InstanceStates).toEqual([{ InstanceId: 'i-1', State: 'InService' }]);
    expect(none.TargetHealthDescriptions).toEqual([]);
    await expect(v2.send(new elbv2.DeleteTargetGroupCommand({ TargetGroupArn: 'x' }))).resolves.toBeDefined();
  });

  it('ec2Query carries flat lists', async () => {
    const input = { InstanceIds: ['i-1', 'i-2'], Filters: [{ Name: 'n', Values: ['a', 'b'] }] };

    const output = await new ec2.EC2Client(transport()).send(new ec2.DescribeInstancesCommand(input));

    expect(received()).toEqual(input);
    expect(output.Reservations?.[0]?.Instances?.[0]).toEqual({ InstanceId: 'i-<1>', LaunchTime: startedAt });
  });

  it('restJson carries path, query, headers and payload', async () => {
    const client = new lambda.LambdaClient(transport());
    const FunctionName = 'arn:aws:lambda:eu-west-1:111122223333:function:deploy';
    const Payload = new Uint8Array(Buffer.from('{"a":1}'));

    const output = await client.send(
      new lambda.InvokeCommand({ FunctionName, Payload, InvocationType: 'Event', Qualifier: 'live' }),
    );
    expect(received()).toEqual({
      FunctionName,
      Payload: expect.anything(),
      InvocationType: 'Event',
      Qualifier: 'live',
    });
    expect(Buffer.from((received() as { Payload: Uint8Array }).Payload).toString()).toBe('{"a":1}');
    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(output.Payload?.transformToString()).toBe('{"b":2}');

    const list = await client.send(new lambda.ListFunctionsCommand({ MaxItems: 3 }));
    expect(received()).toEqual({ MaxItems: 3 });
    expect(list.Functions).toEqual([]);
  });

  it('errors have the name, status, message and members of their model', async () => {
    const client = new ecs.ECSClient(transport());
    const rest = new lambda.LambdaClient(transport());
    const query = new elbv2.ElasticLoadBalancingV2Client(transport());

    await expect(client.send(new ecs.UpdateServiceCommand({ service: 'x' }))).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
      message: 'Service not found.',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
    await expect(client.send(new ecs.StopTaskCommand({ task: 'x' }))).rejects.toMatchObject({
      resourceIds: ['a'],
    });
    await expect(rest.send(new lambda.GetFunctionCommand({ FunctionName: 'x' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: x',
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(query.send(new elbv2.DescribeLoadBalancersCommand({}))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
      Code: 'LoadBalancerNotFound',
      message: "Load balancers '[x]' not found",
    });
  });

  it('an operation that is not served is answered as the service answers one it does not know', async () => {
    await expect(new ecs.ECSClient(transport()).send(new ecs.ListClustersCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(
      new elbv2.ElasticLoadBalancingV2Client(transport()).send(new elbv2.DescribeRulesCommand({})),
    ).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation DescribeRules for version 2015-12-01',
    });
    await expect(
      new lambda.LambdaClient(transport()).send(new lambda.GetAccountSettingsCommand({})),
    ).rejects.toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 404 } });
  });
});

describe('input', () => {
  const client = () => new sfn.SFNClient(inProcess());

  it('of the wrong type is a SerializationException, and without required members no operation runs', async () => {
    const wrong = { stateMachineArn: 5, input: '{}' } as unknown as sfn.StartExecutionInput;
    const missing = { input: '{}' } as sfn.StartExecutionInput;

    await expect(client().send(new sfn.StartExecutionCommand(wrong))).rejects.toMatchObject({
      name: 'SerializationException',
    });
    await expect(client().send(new sfn.StartExecutionCommand(missing))).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
    });
    expect(received()).toBeUndefined();
  });

  it('arrives as it was sent, whatever it is', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => value.isWellFormed());
    const xmlText = fc.string({ unit: 'grapheme', maxLength: 12 });
    const tag = fc.record({ Key: xmlText, Value: xmlText });
    const override = fc.record({
      name: text,
      environment: fc.array(fc.record({ name: text, value: text }), { maxLength: 3 }),
      memory: fc.nat(),
    });
    const json = new ecs.ECSClient(inProcess());
    const form = new elbv2.ElasticLoadBalancingV2Client(inProcess());

    await fc.assert(
      fc.asyncProperty(
        fc.array(override),
        fc.array(tag, { minLength: 1 }),
        text,
        async (overrides, Tags, name) => {
          const run = {
            taskDefinition: name,
            overrides: { containerOverrides: overrides },
            clientToken: 't',
          };
          await json.send(new ecs.RunTaskCommand(run));
          expect(received()).toEqual(run);
          await form.send(new elbv2.CreateTargetGroupCommand({ Name: name, Tags }));
          expect(received()).toEqual({ Name: name, Tags });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('that makes an operation fail unexpectedly is an InternalFailure with a trace for whoever debugs', async () => {
    const call = new ecs.ECSClient(inProcess()).send(new ecs.ListTasksCommand({}));

    await expect(call).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    expect(debugged.at(-1)).toContain('ecs:ListTasks failed unexpectedly: Error: a bug');
    expect(calls.at(-1)).toBe('ecs:ListTasks 500');
  });
});

describe('under a virtual clock', () => {
  it('a client retries through the in-process transport without any real time passing', async () => {
    const timers = FakeTimers.install({
      now: Date.now(),
      toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
    });
    try {
      let attempts = 0;
      const flaky: ServiceDefinition = {
        signingName: 'states',
        sdk: sfn,
        operations: {
          StartExecution: () => {
            attempts += 1;
            if (attempts < 3) throw new AwsError('ThrottlingException', 'Rate exceeded');
            return { executionArn: 'arn', startDate: startedAt };
          },
        },
      };
      const virtual = createFrontDoor(context, { iam, definitions: [flaky] });
      const client = new sfn.SFNClient({
        region,
        credentials,
        requestHandler: inProcessHandler(virtual),
        maxAttempts: 3,
      });

      const before = timers.now;
      const [output] = await Promise.all([
        client.send(new sfn.StartExecutionCommand({ stateMachineArn: 'a' })),
        advanceUntil(timers, () => attempts === 3),
      ]);

      expect(output.$metadata.attempts).toBe(3);
      expect(timers.now).toBeGreaterThan(before);
    } finally {
      timers.uninstall();
    }
  });

  async function advanceUntil(timers: ReturnType<typeof FakeTimers.install>, done: () => boolean) {
    while (!done()) await timers.tickAsync(10);
  }
});

describe('other traffic', () => {
  it('that nobody takes is told that nothing is here', async () => {
    const response = await fetch(`${endpoint}/somewhere`);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('Nothing here') });
  });

  it('for a service that is not served names the service', async () => {
    const { DynamoDBClient, ListTablesCommand } = await import('@aws-sdk/client-dynamodb');

    await expect(new DynamoDBClient(overSocket()).send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'This sandbox does not serve dynamodb.',
    });
  });

  it('for a service of the query protocol that is not served can be read as well', async () => {
    const { RDSClient, DescribeDBInstancesCommand } = await import('@aws-sdk/client-rds');

    await expect(new RDSClient(overSocket()).send(new DescribeDBInstancesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'This sandbox does not serve rds.',
    });
  });
});
