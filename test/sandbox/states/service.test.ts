import { describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Json } from '#sandbox/states/json.ts';
import {
  type Handler,
  MACHINE,
  machine,
  named,
  ROLE,
  stepFunctions,
  task,
  waitingTask,
} from './step-functions.ts';

const pass = machine({ Only: { Type: 'Pass', End: true } });
const waiting = machine({ Nap: { Type: 'Wait', Seconds: 60, End: true } });

describe('a state machine', () => {
  it('is refused with every fault of its definition', async () => {
    const { create } = stepFunctions();

    const attempt = create(
      machine({ A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Next: 'Nowhere' } }),
    );

    await expect(attempt).rejects.toMatchObject({
      code: 'InvalidDefinition',
      message: expect.stringMatching(
        /MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere.*sqs:sendMessage is not supported/,
      ),
    });
  });

  it.each([
    [
      'a Distributed Map',
      { M: { Type: 'Map', ItemProcessor: { ...pass, ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true } },
      'Distributed mode is not supported',
    ],
    [
      'JSONPath fields in JSONata',
      { A: { Type: 'Pass', InputPath: '$.a', End: true } },
      "'InputPath' is not supported in a JSONata state",
    ],
    [
      'an expression that can not be read',
      { A: { Type: 'Pass', Output: '{% $f( %}', End: true } },
      'JSONata expression is not valid',
    ],
    [
      'a state nobody leads to',
      { A: { Type: 'Pass', End: true }, B: { Type: 'Pass', End: true } },
      'State "B" is not reachable',
    ],
    [
      'States.ALL beside another name',
      { A: task('f', { Catch: [{ ErrorEquals: ['States.ALL', 'X'], Next: 'A' }] }) },
      'States.ALL must appear alone',
    ],
    [
      'a heartbeat that is no shorter than the timeout',
      { A: task('f', { TimeoutSeconds: 5, HeartbeatSeconds: 5 }) },
      'HeartbeatSeconds must be smaller',
    ],
    ['a state with both Next and End', { A: { Type: 'Pass', Next: 'A', End: true } }, 'only one of them'],
  ])('is refused with %s', async (_name, states, message) => {
    const { call } = stepFunctions();

    const { result, diagnostics } = await call('ValidateStateMachineDefinition', {
      definition: JSON.stringify(machine(states)),
    });

    expect(result).toBe('FAIL');
    expect(JSON.stringify(diagnostics.map((one: { message: string }) => one.message))).toContain(
      JSON.stringify(message).slice(1, -1),
    );
  });

  it('is the same one when it is created twice alike, and taken when it differs', async () => {
    const { create } = stepFunctions();
    const first = await create(pass);

    expect(await create(pass)).toEqual(first);
    await expect(create(waiting)).rejects.toMatchObject({ code: 'StateMachineAlreadyExists' });
  });

  it('keeps running executions on the definition they were started with', async () => {
    const { create, start, call, advance, describe } = stepFunctions();
    await create(waiting);
    const running = await start();

    await call('UpdateStateMachine', {
      stateMachineArn: MACHINE,
      definition: JSON.stringify(machine({ No: { Type: 'Fail' } })),
    });
    await advance(60);

    expect((await describe(running)).status).toBe('SUCCEEDED');
    const { definition } = await call('DescribeStateMachineForExecution', { executionArn: running });
    expect(JSON.parse(definition)).toEqual(waiting);
    expect((await describe(await start({}, 'later'))).status).toBe('FAILED');
  });

  it('ends its executions when it is deleted', async () => {
    const { create, start, call, describe } = stepFunctions();
    await create(waiting);
    const running = await start();

    await call('DeleteStateMachine', { stateMachineArn: MACHINE });

    expect(await describe(running)).toMatchObject({
      status: 'ABORTED',
      redriveStatusReason: 'State machine is in DELETING status',
    });
    await expect(start({}, 'other')).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });
});

describe('StartExecution', () => {
  it('gives the same execution for the same name and input while it runs', async () => {
    const { create, start, advance, history } = stepFunctions();
    await create(waiting);
    const first = await start({ a: 1 });

    await advance(10);
    const second = await start({ a: 1 });

    expect(second).toBe(first);
    expect((await history(first)).filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
    await expect(start({ a: 2 })).rejects.toMatchObject({
      code: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${first}'`,
    });
  });

  it('finds the name of a closed execution taken for 90 days', async () => {
    const { create, start, advance } = stepFunctions();
    await create(pass);
    await start();

    await expect(start()).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await advance(90 * 86_400 + 1);

    await expect(start()).resolves.toBeDefined();
  });

  it.each([
    ['InvalidName', { name: 'a b' }],
    ['InvalidName', { name: 'x'.repeat(81) }],
    ['InvalidExecutionInput', { input: '{' }],
    ['InvalidExecutionInput', { input: JSON.stringify('x'.repeat(262_144)) }],
    ['StateMachineDoesNotExist', { stateMachineArn: `${MACHINE}x` }],
    ['InvalidArn', { stateMachineArn: 'machine' }],
  ])('answers %s to %p', async (code, input) => {
    const { create, call } = stepFunctions();
    await create(pass);

    await expect(call('StartExecution', { stateMachineArn: MACHINE, ...input })).rejects.toMatchObject({
      code,
    });
  });
});

describe('a Task that invokes a function', () => {
  it('gives the answer within the answer of Lambda', async () => {
    const { create, start, describe } = stepFunctions({ double: (event) => ({ twice: Number(event) * 2 }) });
    await create(machine({ Double: task('double') }));

    const { output } = await describe(await start(21));

    expect(JSON.parse(output ?? '')).toMatchObject({
      ExecutedVersion: '$LATEST',
      StatusCode: 200,
      Payload: { twice: 42 },
      SdkHttpMetadata: { HttpStatusCode: 200 },
    });
  });

  it('fails with what the function threw', async () => {
    const { create, start, describe } = stepFunctions({
      fail: () => {
        throw named('MigrationFailed', 'exit code 1');
      },
    });
    await create(machine({ Migrate: task('fail') }));

    expect(await describe(await start())).toMatchObject({
      status: 'FAILED',
      error: 'MigrationFailed',
      cause: '{"errorType":"MigrationFailed","errorMessage":"exit code 1","trace":[]}',
    });
  });

  it.each([
    [
      'a throttled function',
      new AwsError('TooManyRequestsException', 'Rate Exceeded.', { httpStatus: 429 }),
      'Lambda.TooManyRequestsException',
      'Rate Exceeded. (Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException;',
    ],
    [
      'a fault of Lambda',
      new AwsError('ServiceException', 'oops', { httpStatus: 500 }),
      'Lambda.ServiceException',
      'oops (Service: AWSLambda; Status Code: 500;',
    ],
  ])('names %s as AWS does', async (_name, thrown, error, cause) => {
    const { create, start, describe } = stepFunctions({
      broken: () => {
        throw thrown;
      },
    });
    await create(machine({ Call: task('broken') }));

    const execution = await describe(await start());

    expect(execution.error).toBe(error);
    expect(execution.cause).toContain(cause);
  });

  it('fails when the role may not invoke it', async () => {
    const { create, start, describe, denied } = stepFunctions({ f: () => 1 });
    denied.add('arn:aws:lambda:us-east-1:123456789012:function:f');
    await create(machine({ Call: task('f') }));

    const execution = await describe(await start());

    expect(execution.error).toBe('Lambda.AWSLambdaException');
    expect(execution.cause).toMatch(
      /not authorized on .*Status Code: 403; Error Code: AccessDeniedException/,
    );
  });

  it('times out, tells the function, and can be caught', async () => {
    const seen: (AbortSignal | undefined)[] = [];
    const { create, start, advance, path, describe } = stepFunctions({
      slow: (_event, { signal }) => {
        seen.push(signal);
        return new Promise(() => undefined);
      },
    });
    await create(
      machine({
        Slow: task('slow', { TimeoutSeconds: 5, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }] }),
        Late: { Type: 'Pass', End: true },
      }),
    );
    const execution = await start();

    await advance(4.9);
    expect((await describe(execution)).status).toBe('RUNNING');
    await advance(0.2);

    expect(await path(execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskTimedOut',
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    expect((await describe(execution)).output).toBe('{"Error":"States.Timeout","Cause":""}');
    expect(seen[0]?.aborted).toBe(true);
  });
});

describe('retries', () => {
  const failing = (times: number[]) => ({
    f: (_event: Json, { at }: { at: number }) => {
      times.push(at);
      throw named('Busy');
    },
  });
  const gaps = (times: number[]) => times.slice(1).map((at, index) => (at - (times[index] ?? 0)) / 1000);

  it('wait longer each time, up to MaxDelaySeconds, and enter the state once', async () => {
    const times: number[] = [];
    const { create, start, advance, path } = stepFunctions(failing(times));
    const retry = {
      ErrorEquals: ['Busy'],
      IntervalSeconds: 2,
      MaxAttempts: 4,
      BackoffRate: 3,
      MaxDelaySeconds: 10,
    };
    await create(machine({ Call: task('f', { Retry: [retry] }) }));
    const execution = await start();

    await advance(60);

    expect(gaps(times)).toEqual([2, 6, 10, 10]);
    const types = await path(execution);
    expect(types.filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
    expect(types.filter((type) => type === 'TaskFailed')).toHaveLength(5);
    expect(types.at(-1)).toBe('ExecutionFailed');
  });

  it('with full jitter wait anything up to the delay', async () => {
    const times: number[] = [];
    const { create, start, advance } = stepFunctions(failing(times));
    const retry = {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 8,
      BackoffRate: 1,
      MaxAttempts: 5,
      JitterStrategy: 'FULL',
    };
    await create(machine({ Call: task('f', { Retry: [retry] }) }));
    await start();

    await advance(60);

    expect(times).toHaveLength(6);
    expect(Math.max(...gaps(times))).toBeLessThanOrEqual(8);
    expect(new Set(gaps(times)).size).toBe(5);
  });

  it('are counted by retrier, in the context object all together', async () => {
    const counts: Json[] = [];
    const errors = ['A', 'B', 'A', 'B', 'A'];
    const { create, start, advance, describe } = stepFunctions({
      f: (event) => {
        counts.push(event);
        throw named(errors.shift() ?? 'C');
      },
    });
    const retrier = (name: string) => ({ ErrorEquals: [name], MaxAttempts: 2 });
    await create(
      machine({
        Call: {
          ...task('f', { Retry: [retrier('A'), retrier('B')] }),
          Arguments: { FunctionName: 'f', Payload: '{% $states.context.State.RetryCount %}' },
        },
      }),
    );
    const execution = await start();

    await advance(60);

    expect(counts).toEqual([0, 1, 2, 3, 4]);
    expect((await describe(execution)).error).toBe('A');
  });
});

describe('a wait for a task token', () => {
  const tokens: string[] = [];
  const keep = (event: Json) => {
    tokens.push((event as { token: string }).token);
    return 'kept';
  };
  const waitFor = async (fields: object = {}, handler: Handler = keep) => {
    tokens.length = 0;
    const setup = stepFunctions({ keep: handler });
    await setup.create(
      machine({
        Await: waitingTask('keep', fields),
        ...('Next' in fields ? { After: { Type: 'Succeed' } } : {}),
      }),
    );
    return { ...setup, execution: await setup.start() };
  };

  it('goes on with the very output that is sent, once', async () => {
    const { call, describe, path, execution, time } = await waitFor();
    const [taskToken] = tokens;

    await call('SendTaskSuccess', { taskToken, output: '{"done":true}' });
    await time.tickAsync(0);

    expect((await describe(execution)).output).toBe('{"done":true}');
    expect(await path(execution)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    await expect(call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    });
  });

  it('fails with what SendTaskFailure says', async () => {
    const { call, describe, execution, time } = await waitFor();

    await call('SendTaskFailure', { taskToken: tokens[0], error: 'RolloutFailed', cause: 'crash loop' });
    await time.tickAsync(0);

    expect(await describe(execution)).toMatchObject({
      status: 'FAILED',
      error: 'RolloutFailed',
      cause: 'crash loop',
    });
  });

  it('fails at once when the function itself throws', async () => {
    const { describe, execution } = await waitFor({ HeartbeatSeconds: 60 }, () => {
      throw named('ClaimLost');
    });

    expect(await describe(execution)).toMatchObject({ status: 'FAILED', error: 'ClaimLost' });
  });

  it('expires when no heartbeat comes, as States.Timeout, and is retried with a new token', async () => {
    const { advance, path, execution, call, describe } = await waitFor({
      HeartbeatSeconds: 60,
      TimeoutSeconds: 3600,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
    });

    await advance(50);
    await call('SendTaskHeartbeat', { taskToken: tokens[0] });
    await advance(50);
    expect(tokens).toHaveLength(1);
    await advance(12);

    expect(tokens).toHaveLength(2);
    expect(tokens[1]).not.toBe(tokens[0]);
    expect(await path(execution)).toContain('TaskTimedOut');
    await expect(call('SendTaskHeartbeat', { taskToken: tokens[0] })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    await advance(61);
    expect(await describe(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('starts the heartbeat clock only when the function has returned', async () => {
    let returned = () => undefined as unknown;
    const slow = (event: Json) => {
      keep(event);
      return new Promise((resolve) => {
        returned = () => resolve('late');
      });
    };
    const { advance, describe, execution } = await waitFor({ HeartbeatSeconds: 10 }, slow);

    await advance(100);
    returned();
    await advance(9);
    expect((await describe(execution)).status).toBe('RUNNING');
    await advance(2);

    expect((await describe(execution)).status).toBe('FAILED');
  });

  it('takes an answer that comes before the function has returned', async () => {
    const { create, start, call, describe, time } = stepFunctions({
      quick: async (event) => {
        await call('SendTaskSuccess', { taskToken: (event as { token: string }).token, output: '1' });
      },
    });
    await create(machine({ Await: waitingTask('quick') }));

    const execution = await start();
    await time.tickAsync(0);

    expect(await describe(execution)).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  });

  it.each([
    ['InvalidToken', 'SendTaskSuccess', { taskToken: 'nonsense', output: '1' }],
    ['TaskDoesNotExist', 'SendTaskSuccess', { taskToken: `AQC${'0'.repeat(253)}`, output: '1' }],
    ['InvalidOutput', 'SendTaskSuccess', { output: 'not json' }],
    ['ValidationException', 'SendTaskSuccess', { output: JSON.stringify('x'.repeat(262_144)) }],
    ['ValidationException', 'SendTaskFailure', { error: 'x'.repeat(257) }],
    ['ValidationException', 'SendTaskFailure', { cause: 'x'.repeat(32_769) }],
    ['ValidationException', 'SendTaskHeartbeat', { taskToken: 'x'.repeat(2049) }],
  ])('answers %s to a wrong %s', async (code, operation, input) => {
    const { call, describe, execution } = await waitFor();

    await expect(call(operation, { taskToken: tokens[0], ...input })).rejects.toMatchObject({ code });

    expect((await describe(execution)).status).toBe('RUNNING');
  });
});

describe('an execution', () => {
  it('can be stopped with a reason, whatever it waits for', async () => {
    const { create, start, call, describe, history, advance } = stepFunctions();
    await create(waiting);
    const execution = await start();

    await call('StopExecution', { executionArn: execution, error: 'Operator', cause: 'wrong one' });
    await advance(120);

    expect(await describe(execution)).toMatchObject({
      status: 'ABORTED',
      error: 'Operator',
      cause: 'wrong one',
      redriveStatus: 'REDRIVABLE',
    });
    expect((await history(execution)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      previousEventId: 0,
      executionAbortedEventDetails: { error: 'Operator', cause: 'wrong one' },
    });
  });

  it('times out as a whole', async () => {
    const { create, start, describe, advance, path } = stepFunctions();
    await create({ ...waiting, TimeoutSeconds: 30 });
    const execution = await start();

    await advance(31);

    expect((await describe(execution)).status).toBe('TIMED_OUT');
    expect(await path(execution)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut']);
  });

  it('fails when its history is full', async () => {
    const { create, start, describe, call } = stepFunctions();
    await create(machine({ Again: { Type: 'Pass', Next: 'Again' } }));

    const execution = await start();

    expect(await describe(execution)).toMatchObject({
      status: 'FAILED',
      cause: 'The execution reached the maximum number of history events (25000).',
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution history event limit exceeded',
    });
    const { events } = await call('GetExecutionHistory', {
      executionArn: execution,
      reverseOrder: true,
      maxResults: 1,
    });
    expect(events[0]).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  });

  it('announces every status on the event bus, as AWS does', async () => {
    const { create, start, emitted, time } = stepFunctions();
    await create(machine({ No: { Type: 'Fail', Error: 'X', Cause: 'y' } }));

    const execution = await start({}, 'name');

    expect(emitted.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'FAILED']);
    expect(emitted[1]).toEqual({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [execution],
      detail: {
        executionArn: execution,
        stateMachineArn: MACHINE,
        name: 'name',
        status: 'FAILED',
        startDate: time.now,
        stopDate: time.now,
        input: '{}',
        inputDetails: { included: true },
        output: null,
        outputDetails: null,
        stateMachineVersionArn: null,
        stateMachineAliasArn: null,
        redriveCount: 0,
        redriveDate: null,
        redriveStatus: 'REDRIVABLE',
        redriveStatusReason: null,
        error: 'X',
        cause: 'y',
      },
    });
  });

  it('is listed by status, the latest first, page by page', async () => {
    const { create, start, call, advance } = stepFunctions();
    await create(
      machine({
        Ok: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.ok %}', Next: 'Yes' }],
          Default: 'No',
        },
        Yes: { Type: 'Succeed' },
        No: { Type: 'Fail' },
      }),
    );
    for (const [name, ok] of [
      ['a', true],
      ['b', false],
      ['c', true],
    ] as const) {
      await start({ ok }, name);
      await advance(1);
    }
    const names = async (input: object) => {
      const { executions, nextToken } = await call('ListExecutions', { stateMachineArn: MACHINE, ...input });
      return { names: executions.map(({ name }: { name: string }) => name), nextToken };
    };

    expect((await names({ statusFilter: 'SUCCEEDED' })).names).toEqual(['c', 'a']);
    expect((await names({ redriveFilter: 'REDRIVEN' })).names).toEqual([]);
    const first = await names({ maxResults: 2 });
    expect(first.names).toEqual(['c', 'b']);
    expect((await names({ maxResults: 2, nextToken: first.nextToken })).names).toEqual(['a']);
    await expect(names({ nextToken: 'nonsense' })).rejects.toMatchObject({ code: 'InvalidToken' });
  });

  it('shows its history without the data when asked to', async () => {
    const { create, start, call } = stepFunctions();
    await create(pass);

    const { events } = await call('GetExecutionHistory', {
      executionArn: await start({ secret: 1 }),
      includeExecutionData: false,
    });

    expect(JSON.stringify(events)).not.toContain('secret');
    expect(events[1].stateEnteredEventDetails).toEqual({ name: 'Only' });
  });
});

describe('the service', () => {
  it('leaves nothing running when it is closed, and announces nothing more', async () => {
    const { create, start, states, time, emitted } = stepFunctions({
      hang: () => new Promise(() => undefined),
    });
    await create(
      machine({
        Nap: { Type: 'Wait', Seconds: 60, Next: 'Hang' },
        Hang: task('hang', { TimeoutSeconds: 9 }),
      }),
    );
    await start({}, 'one');
    await time.tickAsync(61_000);
    await start({}, 'two');
    const before = emitted.length;

    await states.close();

    expect(time.countTimers()).toBe(0);
    expect(emitted).toHaveLength(before);
  });

  it('asks IAM for the resources that AWS names', () => {
    const { states } = stepFunctions();
    const ask = (operation: string, input: object) => states.definition.authorize?.(operation, { ...input });

    expect(ask('StartExecution', { stateMachineArn: MACHINE })).toEqual([
      { action: 'states:StartExecution', resources: [MACHINE] },
    ]);
    expect(ask('RedriveExecution', { executionArn: 'arn:x' })).toEqual([
      { action: 'states:RedriveExecution', resources: ['arn:x'] },
    ]);
    expect(ask('SendTaskSuccess', { taskToken: 't' })).toEqual([
      { action: 'states:SendTaskSuccess', resources: ['*'] },
    ]);
    expect(ask('CreateStateMachine', { name: 'machine', roleArn: ROLE })).toEqual([
      { action: 'states:CreateStateMachine', resources: [MACHINE] },
      {
        action: 'iam:PassRole',
        resources: [ROLE],
        conditions: { 'iam:passedtoservice': 'states.amazonaws.com' },
      },
    ]);
  });
});
