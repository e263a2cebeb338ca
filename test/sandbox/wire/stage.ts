import * as ec2 from '@aws-sdk/client-ec2';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import * as sfn from '@aws-sdk/client-sfn';
import type { Clock } from '#sandbox/core/clock.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { ServiceDefinition } from '#sandbox/core/service.ts';
import { createIam } from '#sandbox/iam/iam.ts';
import { createSts } from '#sandbox/sts/sts.ts';
import { createFrontDoor, type FrontDoor } from '#sandbox/wire/front-door.ts';
import { plainText } from '#sandbox/wire/http-handler.ts';
import { inProcessHandler } from '#sandbox/wire/in-process.ts';
import { readBody, toWireRequest } from '#sandbox/wire/server.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

/** A front door with tiny services behind it, one for each protocol, that remember what they were given. */

/** How far this sandbox's clock is ahead of the machine's. */
let offset = 0;
export const setClockAhead = (milliseconds: number) => {
  offset = milliseconds;
};
const clock: Clock = {
  now: () => Date.now() + offset,
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as NodeJS.Timeout),
};
const { context, remove } = testContext(clock);

export { context };
export const debugged: string[] = [];
context.debug = (message) => void debugged.push(message);

/** What the operations below were last given. */
let last: unknown;
export const received = () => last;
export const forget = () => {
  last = undefined;
};
export const startedAt = new Date('2026-01-01T00:00:00.500Z');
const echo = (output: object) => (input: object) => {
  last = input;
  return output;
};
const definitions: ServiceDefinition[] = [
  {
    signingName: 'ecs',
    sdk: ecs,
    operations: {
      RunTask: echo({ tasks: [{ taskArn: 'arn', startedAt, cpu: '256' }], failures: [] }),
      UpdateService: () => {
        throw new AwsError('ServiceNotFoundException', 'Service not found.');
      },
      StopTask: () => {
        throw new AwsError('ConflictException', 'Conflict', { fields: { resourceIds: ['a'] } });
      },
      ListTasks: () => {
        throw new Error('a bug');
      },
    },
    authorize: (operation, input) => [
      {
        action: `ecs:${operation}`,
        resources: [`arn:aws:ecs:::${input.cluster}`],
        conditions: { 'ecs:cluster': 'c' },
      },
    ],
  },
  {
    signingName: 'states',
    sdk: sfn,
    operations: { StartExecution: echo({ executionArn: 'arn', startDate: startedAt }) },
  },
  {
    signingName: 'elasticloadbalancing',
    sdk: elb,
    operations: {
      DescribeInstanceHealth: echo({ InstanceStates: [{ InstanceId: 'i-1', State: 'InService' }] }),
    },
  },
  {
    signingName: 'elasticloadbalancing',
    sdk: elbv2,
    operations: {
      CreateTargetGroup: echo({
        TargetGroups: [{ TargetGroupArn: 'arn', HealthCheckEnabled: true, Port: 80 }],
      }),
      DescribeTargetHealth: echo({ TargetHealthDescriptions: [] }),
      DeleteTargetGroup: echo({}),
      DescribeLoadBalancers: () => {
        throw new AwsError('LoadBalancerNotFoundException', "Load balancers '[x]' not found");
      },
    },
  },
  {
    signingName: 'ec2',
    sdk: ec2,
    operations: {
      DescribeInstances: echo({
        Reservations: [{ Instances: [{ InstanceId: 'i-<1>', LaunchTime: startedAt }] }],
      }),
    },
  },
  {
    signingName: 'lambda',
    sdk: lambda,
    operations: {
      Invoke: echo({ StatusCode: 200, Payload: Buffer.from('{"b":2}'), FunctionError: 'Unhandled' }),
      ListFunctions: echo({ Functions: [] }),
      GetFunction: () => {
        throw new AwsError('ResourceNotFoundException', 'Function not found: x', {
          fields: { Type: 'User' },
        });
      },
    },
  },
];
export const iam = createIam(context);
const sts = createSts(context, { iam });
export const calls: string[] = [];
const door: FrontDoor = createFrontDoor(
  context,
  {
    iam,
    definitions: [iam.definition, sts.definition, ...definitions],
    handlers: [
      {
        name: 'an HTTP API',
        takes: ({ path }) => path.startsWith('/api'),
        async handle(request, response) {
          try {
            const wire = toWireRequest(request, await readBody(request));
            response.end((await door.verifySignature(wire)).arn);
          } catch (error) {
            response.writeHead(403).end((error as AwsError).code);
          }
        },
        forbidden: (message) => plainText(403, message),
      },
    ],
  },
  { onCall: ({ service, operation, statusCode }) => calls.push(`${service}:${operation} ${statusCode}`) },
);
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const { region } = context;
let endpoint = '';

/** Listens on a free port; returns the front door's address. */
export async function open(): Promise<string> {
  endpoint = `http://127.0.0.1:${await door.listen()}`;
  return endpoint;
}

export async function close(): Promise<void> {
  await door.close();
  remove();
}

/** Configurations of SDK clients that reach the front door by its socket, or without one. */
export const overSocket = () => ({ region, credentials, endpoint, maxAttempts: 1 });
export const inProcess = () => ({
  region,
  credentials,
  requestHandler: inProcessHandler(door),
  maxAttempts: 1,
});
