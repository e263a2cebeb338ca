import { afterEach, describe, expect, it } from '@jest/globals';
import { install } from '@sinonjs/fake-timers';
import { AwsError } from '#sandbox/core/errors.ts';
import type { AwsEvent } from '#sandbox/core/service.ts';
import { createEvents, type EventsOptions } from '#sandbox/events/events.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:ecs-changed';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:news';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Invocation {
  functionArn: string;
  payload: unknown;
  sourceArn: string;
}

function harness(options: EventsOptions = {}, failures: Error[] = []) {
  const { context, remove } = testContext();
  const invocations: Invocation[] = [];
  const sent: { service: string; operation: string; input: Record<string, unknown> }[] = [];
  const events = createEvents(
    context,
    {
      lambda: {
        invokeAsync(functionArn, payload, { sourceArn }) {
          const failure = failures.shift();
          if (failure !== undefined) throw failure;
          invocations.push({ functionArn, payload: JSON.parse(payload), sourceArn });
        },
      },
      services: {
        call: async (service, operation, input) =>
          void sent.push({ service, operation, input: { ...input } }),
      },
    },
    { retryDelay: 1, ...options },
  );
  cleanups.push(remove, () => events.close());
  const caller = { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root', userId: '1' };
  const call = async (operation: string, input: object) =>
    events.definition.operations[operation]?.(input, { caller, requestId: '1' });
  const rule = async (Name: string, pattern: unknown, target: object = {}) => {
    const answer = await call('PutRule', { Name, EventPattern: JSON.stringify(pattern) });
    await call('PutTargets', { Rule: Name, Targets: [{ Id: '1', Arn: FUNCTION, ...target }] });
    return answer.RuleArn as string;
  };
  return { events, invocations, sent, call, rule };
}

const stopped = {
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  resources: ['arn:task/1'],
  detail: { lastStatus: 'STOPPED', containers: [{ name: 'web', 'exit-code': 1 }] },
};

describe('EventBridge', () => {
  it('hands an event of a service to the targets of the rules that it matches, in its envelope', async () => {
    const { events, invocations, rule } = harness();
    const ruleArn = await rule('stopped', { detail: { lastStatus: ['STOPPED'] } });
    await rule('builds', { source: ['aws.codebuild'] });

    events.putEvent(stopped);
    await events.idle();

    expect(invocations).toEqual([
      {
        functionArn: FUNCTION,
        sourceArn: ruleArn,
        payload: {
          version: '0',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          account: '111122223333',
          region: 'eu-west-1',
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          ...stopped,
        },
      },
    ]);
    expect(ruleArn).toBe('arn:aws:events:eu-west-1:111122223333:rule/stopped');
  });

  it('never runs a target in the turn of whoever emits', async () => {
    const { events, invocations, rule } = harness();
    await rule('stopped', { source: ['aws.ecs'] });

    events.putEvent(stopped);

    expect(invocations).toEqual([]);
    await events.idle();
    expect(invocations).toHaveLength(1);
  });

  it.each<[string, object, unknown]>([
    ['Input', { Input: '{"constant":1}' }, { constant: 1 }],
    ['InputPath', { InputPath: "$.detail.containers[0]['exit-code']" }, 1],
    [
      'InputTransformer',
      {
        InputTransformer: {
          InputPathsMap: {
            status: '$.detail.lastStatus',
            containers: '$.detail.containers',
            gone: '$.detail.gone',
          },
          InputTemplate:
            '{"text":"task is <status> by <aws.events.rule-name>","status":<status>,"all":<containers>,"gone":<gone>,"not":"\\"<unknown>"}',
        },
      },
      {
        text: 'task is STOPPED by shaped',
        status: 'STOPPED',
        all: stopped.detail.containers,
        gone: null,
        not: '"<unknown>',
      },
    ],
  ])('shapes what a target receives by %s', async (_, target, expected) => {
    const { events, invocations, rule } = harness();
    await rule('shaped', { source: ['aws.ecs'] }, target);

    events.putEvent(stopped);
    await events.idle();

    expect(invocations[0]?.payload).toEqual(expected);
  });

  it('publishes to topics and starts executions', async () => {
    const { events, sent, rule } = harness();
    const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:deploy';
    await rule('told', { source: ['aws.ecs'] }, { Arn: TOPIC, InputPath: '$.detail.lastStatus' });
    await rule('started', { source: ['aws.ecs'] }, { Arn: machine, RoleArn: 'arn:role', Input: '{}' });

    events.putEvent(stopped);
    await events.idle();

    expect(sent).toEqual([
      { service: 'sns', operation: 'Publish', input: { TopicArn: TOPIC, Message: '"STOPPED"' } },
      { service: 'states', operation: 'StartExecution', input: { stateMachineArn: machine, input: '{}' } },
    ]);
  });

  it('retries a delivery that fails for now, and gives one that cannot work to the dead-letter queue', async () => {
    const throttled = () => new AwsError('TooManyRequestsException', 'Rate Exceeded.');
    const patient = harness({}, [throttled(), throttled()]);
    await patient.rule('patient', { source: ['aws.ecs'] });
    patient.events.putEvent(stopped);
    await patient.events.idle();
    expect(patient.invocations).toHaveLength(1);

    for (const [failures, policy] of [
      [[new AwsError('AccessDeniedException', 'no')], {}],
      [[throttled(), throttled()], { RetryPolicy: { MaximumRetryAttempts: 1 } }],
    ] as const) {
      const box = harness({}, [...failures]);
      await box.rule(
        'hopeless',
        { source: ['aws.ecs'] },
        { DeadLetterConfig: { Arn: TOPIC }, Input: '1', ...policy },
      );
      box.events.putEvent(stopped);
      await box.events.idle();
      expect(box.invocations).toEqual([]);
      expect(box.sent).toEqual([
        { service: 'sns', operation: 'Publish', input: { TopicArn: TOPIC, Message: '1' } },
      ]);
    }
  });

  it('lets a simulation lose, double and reorder events', async () => {
    const held: AwsEvent[] = [];
    const { events, invocations, rule } = harness({
      delivery(event, deliver) {
        if (event.detail.n === 1) return;
        held.push(event);
        if (event.detail.n === 3) for (const late of [...held].reverse()) deliver(late);
        if (event.detail.n === 3) deliver(event);
      },
    });
    await rule('all', { source: ['aws.ecs'] }, { InputPath: '$.detail.n' });

    for (const n of [1, 2, 3]) events.putEvent({ ...stopped, detail: { n } });
    await events.idle();

    expect(invocations.map(({ payload }) => payload)).toEqual([3, 2, 3]);
  });

  it('takes events of custom sources only, and tells each entry apart', async () => {
    const { events, invocations, call, rule } = harness();
    await rule('deployments', { source: ['landfall'] }, { InputPath: '$.detail' });
    const entry = { Source: 'landfall', DetailType: 'Deployment', Detail: '{"id":1}' };

    const answer = await call('PutEvents', {
      Entries: [
        entry,
        { ...entry, Source: 'aws.ecs' },
        { ...entry, Detail: '[1]' },
        { ...entry, DetailType: '' },
      ],
    });
    await events.idle();

    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries.map(({ ErrorCode }: { ErrorCode?: string }) => ErrorCode)).toEqual([
      undefined,
      'NotAuthorizedForSource',
      'MalformedDetail',
      'InvalidArgument',
    ]);
    expect(invocations.map(({ payload }) => payload)).toEqual([{ id: 1 }]);
  });

  it('keeps buses apart, and does not ask disabled rules', async () => {
    const { events, invocations, call, rule } = harness();
    const { EventBusArn } = await call('CreateEventBus', { Name: 'house' });
    await call('PutRule', { Name: 'own', EventBusName: 'house', EventPattern: '{"source":["landfall"]}' });
    await call('PutTargets', {
      Rule: 'own',
      EventBusName: 'house',
      Targets: [{ Id: '1', Arn: FUNCTION, Input: '"house"' }],
    });
    await rule('off', { source: ['landfall'] }, { Input: '"default"' });
    await call('DisableRule', { Name: 'off' });
    const put = (EventBusName?: string) =>
      call('PutEvents', { Entries: [{ Source: 'landfall', DetailType: 'x', Detail: '{}', EventBusName }] });

    await put();
    await put(EventBusArn);
    await call('EnableRule', { Name: 'off' });
    await events.idle();
    await put();
    await events.idle();

    expect(invocations.map(({ payload, sourceArn }) => [payload, sourceArn.split(':rule/')[1]])).toEqual([
      ['house', 'house/own'],
      ['default', 'off'],
    ]);
  });

  it('describes, lists and deletes rules and targets as the service does', async () => {
    const { call, rule } = harness();
    await rule('a', { source: ['x'] });
    await rule('b', { source: ['x'] });

    expect(await call('ListRules', { NamePrefix: 'b' })).toMatchObject({
      Rules: [{ Name: 'b', State: 'ENABLED', EventPattern: '{"source":["x"]}' }],
    });
    expect(await call('ListTargetsByRule', { Rule: 'a' })).toEqual({ Targets: [{ Id: '1', Arn: FUNCTION }] });
    expect(await call('ListRuleNamesByTarget', { TargetArn: FUNCTION })).toEqual({ RuleNames: ['a', 'b'] });
    await expect(call('DeleteRule', { Name: 'a' })).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
    await call('RemoveTargets', { Rule: 'a', Ids: ['1'] });
    await call('DeleteRule', { Name: 'a' });
    await expect(call('DescribeRule', { Name: 'a' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it.each<[string, string, object, string]>([
    ['a rule without a pattern', 'PutRule', { Name: 'x' }, 'ValidationException'],
    ['a broken pattern', 'PutRule', { Name: 'x', EventPattern: '{"a":1}' }, 'InvalidEventPatternException'],
    [
      'a cron schedule',
      'PutRule',
      { Name: 'x', ScheduleExpression: 'cron(0 1 * * ? *)' },
      'ValidationException',
    ],
    ['a target for no rule', 'PutTargets', { Rule: 'none', Targets: [] }, 'ResourceNotFoundException'],
    [
      'a target it cannot reach',
      'PutTargets',
      { Rule: 'known', Targets: [{ Id: '1', Arn: 'arn:aws:kinesis:eu-west-1:1:stream/s' }] },
      'ValidationException',
    ],
    [
      'a sixth target',
      'PutTargets',
      { Rule: 'known', Targets: [2, 3, 4, 5, 6].map((n) => ({ Id: `${n}`, Arn: FUNCTION })) },
      'LimitExceededException',
    ],
    [
      'an event without its fields',
      'TestEventPattern',
      { EventPattern: '{"a":[1]}', Event: '{"a":1}' },
      'ValidationException',
    ],
  ])('refuses %s', async (_, operation, input, code) => {
    const { call, rule } = harness();
    await rule('known', { source: ['x'] });

    await expect(call(operation, input)).rejects.toMatchObject({ code });
  });

  it('tests a pattern against an event', async () => {
    const { call } = harness();
    const Event = JSON.stringify({
      id: '1',
      account: '1',
      source: 's',
      time: 't',
      region: 'r',
      resources: [],
      'detail-type': 'd',
      detail: { a: 1 },
    });

    expect(await call('TestEventPattern', { EventPattern: '{"detail":{"a":[1]}}', Event })).toEqual({
      Result: true,
    });
    expect(await call('TestEventPattern', { EventPattern: '{"detail":{"a":[2]}}', Event })).toEqual({
      Result: false,
    });
  });

  it('fires scheduled rules at their rate until they are deleted', async () => {
    const clock = install({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    cleanups.push(() => clock.uninstall());
    const { invocations, call } = harness();
    await call('PutRule', { Name: 'tick', ScheduleExpression: 'rate(5 minutes)' });
    await call('PutTargets', {
      Rule: 'tick',
      Targets: [{ Id: '1', Arn: FUNCTION, InputPath: "$['detail-type']" }],
    });

    await clock.tickAsync(10 * 60_000);
    expect(invocations.map(({ payload }) => payload)).toEqual(['Scheduled Event', 'Scheduled Event']);
    await call('RemoveTargets', { Rule: 'tick', Ids: ['1'] });
    await call('DeleteRule', { Name: 'tick' });

    expect(clock.countTimers()).toBe(0);
  });
});
