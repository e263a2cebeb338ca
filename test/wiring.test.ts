import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { logger } from '#lib/aws/sdk/logger.ts';
import { ExecutionStatusChange } from '#lib/deployment/ending/ended-run.ts';
import { errors, isErrorName } from '#lib/deployment/errors.ts';
import { BuildStateChange } from '#lib/deployment/release/build.ts';
import { EcsEvent } from '#lib/deployment/rollout/hints.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { compilePattern } from '#sandbox/events/patterns/compile.ts';
import { wayBack } from './support/paths.ts';
import {
  account,
  fileOfState,
  keyOf,
  permissions,
  root,
  rules,
  type State,
  serverless,
  sources,
  stateMachine,
  taskStates,
} from './support/wiring.ts';

const states = Object.entries(stateMachine.States);
const tasks = states.filter(([, state]) => state.Type === 'Task');
const choices = states.filter(([, state]) => state.Type === 'Choice');
const stateOf = (name: string) => stateMachine.States[name] as State;

const targetsOf = (state: State): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((route) => route.Next),
  ].filter((next) => next !== undefined);

describe('functions', () => {
  const files = sources('functions');

  it('are the files under functions/, each under its own name', () => {
    const wired = Object.entries(serverless.functions).map(([key, { handler }]) => [key, handler]);

    expect(wired.sort()).toEqual(files.map((file) => [keyOf(file), file.replace(/ts$/, 'handler')]).sort());
  });

  it('may each do what resources/permissions.cjs says for it, and nothing is said for others', () => {
    expect(Object.keys(permissions).sort()).toEqual(Object.keys(serverless.functions).sort());
    for (const [key, { iamRoleStatements }] of Object.entries(serverless.functions)) {
      expect(iamRoleStatements).toBe(`\${file(resources/permissions.cjs):${key}}`);
    }
  });

  it('of states are the Task states of the machine, no more and no fewer', () => {
    expect(files.filter((file) => file.startsWith('functions/states/'))).toEqual(
      taskStates.map(fileOfState).sort(),
    );
  });

  it.each(taskStates)('%s is called by the state of its name', (name) => {
    const { Arguments } = stateOf(name);

    expect(Arguments?.FunctionName).toEqual({ 'Fn::GetAtt': [keyOf(fileOfState(name)), 'Arn'] });
  });
});

describe('the state machine', () => {
  it('goes only to states that exist, and to every one of them', () => {
    const reached = new Set([stateMachine.StartAt]);
    for (const name of reached) {
      expect(Object.keys(stateMachine.States)).toContain(name);
      for (const next of targetsOf(stateOf(name))) reached.add(next);
    }

    expect([...reached].sort()).toEqual(Object.keys(stateMachine.States).sort());
  });

  it('comments every state', () => {
    expect(states.filter(([, { Comment }]) => !Comment)).toEqual([]);
  });

  it('has no Fail state: a redrive would only fail again', () => {
    expect(states.filter(([, { Type }]) => Type === 'Fail')).toEqual([]);
  });

  it.each(choices.map(([name]) => [name]))('decides in every case: %s has a default', (name) => {
    expect(stateOf(name).Default).toBeDefined();
  });

  it.each(taskStates)("%s retries Lambda's transient errors", (name) => {
    const retried = (stateOf(name).Retry ?? []).flatMap((retrier) => retrier.ErrorEquals);

    expect(retried).toEqual(
      expect.arrayContaining([
        'Lambda.ClientExecutionTimeoutException',
        'Lambda.ServiceException',
        'Lambda.AWSLambdaException',
        'Lambda.SdkClientException',
        'Lambda.TooManyRequestsException',
      ]),
    );
  });

  it.each(taskStates)('%s retries AWS that does not answer, unless it throws on what others met', (name) => {
    const retried = (stateOf(name).Retry ?? []).flatMap((retrier) => retrier.ErrorEquals);

    expect(retried.includes('AwsUnavailable')).toBe(name !== 'HaltDeployment');
  });

  it.each(tasks.filter(([, state]) => state.Resource?.endsWith('.waitForTaskToken')).map(([name]) => [name]))(
    '%s looks again when its heartbeat runs out, whatever AWS calls that',
    (name) => {
      const { HeartbeatSeconds, Retry = [] } = stateOf(name);

      expect(HeartbeatSeconds).toBe(60);
      expect(Retry.map((retrier) => retrier.ErrorEquals)).toContainEqual([
        'States.HeartbeatTimeout',
        'States.Timeout',
      ]);
    },
  );

  it('sends every failure on: forward ones to MayRollBack, those of the way back to HaltDeployment', () => {
    const routes = tasks.map(([name, { Catch = [] }]) => [
      name,
      Catch.map((route) => `${route.ErrorEquals}: ${route.Next}`),
    ]);

    const forward = ['States.ALL: MayRollBack'];
    const back = ['States.ALL: HaltDeployment'];
    expect(Object.fromEntries(routes)).toEqual({
      ...Object.fromEntries(taskStates.map((name) => [name, wayBack.includes(name) ? back : forward])),
      ClaimService: ['Superseded: Superseded', ...forward],
      HaltDeployment: [],
    });
    expect([...new Set(targetsOf(stateOf('MayRollBack')))].sort()).toEqual([
      'HaltDeployment',
      'RollBackService',
    ]);
    expect(stateOf('HaltDeployment').Next).toBe('ClaimService');
  });
});

describe('error names', () => {
  const inTheMachine = [
    ...tasks.flatMap(([, { Retry = [], Catch = [] }]) =>
      [...Retry, ...Catch].flatMap((each) => each.ErrorEquals),
    ),
    ...choices.flatMap(([, { Choices = [] }]) =>
      Choices.flatMap(({ Condition }) =>
        [...Condition.matchAll(/\.error (?:in \[(.*?)\]|= "(.*?)")/g)].flatMap(([, list, one]) =>
          (list ?? one ?? '').split(',').map((name) => name.replaceAll(/["\s]/g, '')),
        ),
      ),
    ),
  ];

  it('in the machine are those of AWS or in errors.ts', () => {
    expect(inTheMachine).toContain('RolloutReplaced');
    expect(
      inTheMachine.filter((name) => !/^(States|Lambda|Sandbox|Runtime)\./.test(name) && !isErrorName(name)),
    ).toEqual([]);
  });

  it('in errors.ts are each raised somewhere', () => {
    const texts = sources('lib', 'functions')
      .filter((file) => file !== 'lib/deployment/errors.ts')
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');

    expect(Object.keys(errors).filter((name) => !texts.includes(`'${name}'`))).toEqual([]);
  });
});

/** What each function of an EventBridge rule takes. */
const schemas: Record<string, z.ZodType> = {
  imageBuilt: BuildStateChange,
  ecsChanged: EcsEvent,
  executionEnded: ExecutionStatusChange,
};

/** A captured event as it would come from this installation: its account, Region, cluster, service and machine. */
function captured(name: string, given: Record<string, unknown> = {}) {
  const text = readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8')
    .replaceAll('111122223333', account.id)
    .replaceAll(/us-(east|west)-2|us-east-1/g, account.region)
    .replaceAll(':service/default/servicetest', ':service/ecs-cluster/webapp-service')
    .replaceAll(/:(cluster|task)\/(default|mycluster)/g, ':$1/ecs-cluster')
    .replaceAll('my-sample-project', 'landfall-dev-webapp')
    .replaceAll(':stateMachine:sm', ':stateMachine:landfall-dev');
  const event = JSON.parse(text);
  return { ...event, detail: { ...event.detail, ...given } };
}

const rulesMatching = (event: unknown) =>
  rules.filter(({ pattern }) => compilePattern(JSON.stringify(pattern))(event));

/** What EventBridge has to let through, and to whom. */
const wanted: [key: string, name: string, given: Record<string, unknown>][] = [
  ...['SUCCEEDED', 'FAILED', 'FAULT', 'STOPPED', 'TIMED_OUT'].map((status): (typeof wanted)[number] => [
    'imageBuilt',
    'codebuild-build-state-change.merged',
    { 'build-status': status },
  ]),
  ['ecsChanged', 'ecs-task-stopped', {}],
  ['ecsChanged', 'ecs-deployment-completed', {}],
  ['ecsChanged', 'ecs-deployment-failed', {}],
  ['ecsChanged', 'ecs-deployment-in-progress', {}],
  ['ecsChanged', 'ecs-deployment-rollback', {}],
  ['ecsChanged', 'ecs-service-action-steady', {}],
  ['ecsChanged', 'ecs-service-action-placement-failure', {}],
  ...['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'].map((status): (typeof wanted)[number] => [
    'executionEnded',
    'sfn-execution-status-change-failed',
    { status },
  ]),
];

/** What it must not let through: hints that change no decision, and what is about others. */
const unwanted: [why: string, event: unknown][] = [
  [
    'a build that is running',
    captured('codebuild-build-state-change.merged', { 'build-status': 'IN_PROGRESS' }),
  ],
  ["another project's build", captured('codebuild-build-state-change.merged', { 'project-name': 'other' })],
  ['a task that starts', captured('ecs-task-stopped', { lastStatus: 'RUNNING' })],
  [
    'a task of another cluster',
    captured('ecs-task-stopped', { clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/other' }),
  ],
  [
    "another service's deployment",
    {
      ...captured('ecs-deployment-completed'),
      resources: ['arn:aws:ecs:us-east-1:123456789012:service/ecs-cluster/other'],
    },
  ],
  [
    'a service action that decides nothing',
    captured('ecs-service-action-steady', { eventName: 'SERVICE_DESIRED_COUNT_UPDATED' }),
  ],
  ['an execution that is running', captured('sfn-execution-status-change-failed', { status: 'RUNNING' })],
  [
    'an execution of another machine',
    captured('sfn-execution-status-change-failed', {
      stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:other',
    }),
  ],
];

describe('rules', () => {
  it.each(wanted)('let %s have what it accepts: %s %j', (key, name, given) => {
    const event = captured(name, given);

    expect(rulesMatching(event).map((rule) => rule.key)).toEqual([key]);
    expect(schemas[key]?.safeParse(event).error).toBeUndefined();
  });

  it('each match one of the captured events', () => {
    const matched = new Set(wanted.flatMap(([, name, given]) => rulesMatching(captured(name, given))));

    expect(rules.filter((rule) => !matched.has(rule))).toEqual([]);
  });

  it('each have a dead-letter queue and say how long they try, and so do the functions that they call', () => {
    expect(rules).not.toEqual([]);
    for (const { key, deadLetterQueueArn, retryPolicy } of rules) {
      // What is lost of builds and ends needs somebody; a hint of ECS that came too late does not.
      const queue = key === 'ecsChanged' ? 'ExpiredHints' : 'DeadLetters';
      const deadLetters = { 'Fn::GetAtt': [queue, 'Arn'] };
      expect([key, deadLetterQueueArn]).toEqual([key, deadLetters]);
      expect([key, retryPolicy?.maximumEventAge]).toEqual([key, expect.any(Number)]);
      expect(serverless.functions[key]?.destinations?.onFailure).toEqual({ type: 'sqs', arn: deadLetters });
      expect(permissions[key]).toContainEqual({
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: [deadLetters],
      });
    }
  });

  it.each(unwanted)('drop %s', (_, event) => {
    expect(rulesMatching(event)).toEqual([]);
  });
});

describe('functions of events', () => {
  beforeAll(() => {
    logger.setLogLevel('SILENT');
  });

  const foreign = captured('ecs-task-stopped', { taskArn: undefined });
  const malformed = [
    {},
    null,
    'text',
    { ...foreign, 'detail-type': 'EC2 Instance State-change Notification' },
  ];

  it.each(Object.keys(schemas))('%s refuses what it does not handle as InvalidEvent', async (key) => {
    const called: unknown[] = [];
    const handler = forEvent(schemas[key] as z.ZodType, async (event) => {
      called.push(event);
    });

    for (const event of [foreign, ...malformed]) {
      await expect(handler(event, {} as never)).rejects.toMatchObject({ name: 'InvalidEvent' });
    }
    expect(called).toEqual([]);
  });
});
