import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { AwsError } from '#sandbox/core/errors.ts';
import { createLambda, type Lambda, type LambdaOptions } from '#sandbox/lambda/lambda.ts';
import { lambdaNeeds } from '#test/sandbox/support/lambda-needs.ts';
import { testContext } from '#test/sandbox/support/sandbox-context.ts';

const ROLE = 'arn:aws:iam::111122223333:role/function';

/** One deployment package with a handler for every case; each function names the export it needs. */
const PACKAGE = zipSync({
  'functions/states/cases.mjs': strToU8(`
    class CutOff extends Error { constructor(message, options) { super(message, options); this.name = 'CutOff'; this.service = 'web'; } }
    let calls = 0;
    export const echo = async (event, context) => ({ event, calls: ++calls, context: { ...context, remaining: context.getRemainingTimeInMillis() } });
    export const environment = async () => ({ ...process.env, cwd: process.cwd() });
    export const nothing = async () => undefined;
    export const throws = async () => { throw new CutOff('gone', { cause: new RangeError('the wire') }); };
    export const throwsText = async () => { throw 'text'; };
    export const unserializable = async () => ({ big: 1n });
    export const large = async () => 'x'.repeat(6_300_000);
    export const exits = async () => process.exit(7);
    export const stray = async () => { setTimeout(() => { throw new TypeError('stray'); }, 1); await new Promise(() => {}); };
    export const rejection = async () => { Promise.reject(new Error('unheard')); await new Promise(() => {}); };
    export const hangs = async () => { for (;;); };
    export const hog = async () => { const heap = []; for (;;) heap.push(new Array(100_000).fill(Math.random())); };
    export const prints = async () => { console.log('two\\nlines', { a: 1 }); process.stdout.write('raw\\n'); return 1; };
    export const waits = async () => { await new Promise((resolve) => setTimeout(resolve, 60)); return calls++; };
    export const callback = (event, context, done) => done(null, 1);
    export const notAFunction = 4;
  `),
  'common.js': strToU8('exports.handler = async () => ({ module: typeof module, root: __dirname });'),
  'packaged/package.json': strToU8('{"type":"module"}'),
  'packaged/index.js': strToU8(
    'export const nested = { handler: async () => import.meta.url.startsWith("file:") };',
  ),
  'broken.mjs': strToU8('export const handler = async () => {'),
  'lost.mjs': strToU8('import "./nowhere.mjs"; export const handler = async () => 1;'),
  'moody.mjs': strToU8('throw new EvalError("at load");'),
});

function harness(options: LambdaOptions = {}, expiration?: () => Date) {
  const { context, remove } = testContext();
  const needs = lambdaNeeds(expiration);
  const sent: { service: string; operation: string; input: Record<string, unknown> }[] = [];
  const services = {
    call: async (service: string, operation: string, input: object) =>
      void sent.push({ service, operation, input: { ...input } }),
  };
  const lambda = createLambda(context, { ...needs, services }, options);
  const call = (operation: string, input: object) =>
    Promise.resolve(
      lambda.definition.operations[operation]?.(input, {
        caller: { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root', userId: '1' },
        requestId: 'request-1',
      }),
    );
  const create = (FunctionName: string, Handler: string, more: object = {}) =>
    call('CreateFunction', {
      FunctionName,
      Handler,
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Code: { ZipFile: PACKAGE },
      ...more,
    });
  const close = async () => {
    await lambda.close();
    remove();
  };
  return { lambda, needs, sent, call, create, close };
}

/** Defines the function for one handler on first use and invokes it. */
async function invokeHandler(
  box: ReturnType<typeof harness>,
  handler: string,
  event: unknown = {},
  more: object = {},
) {
  const name = handler.replaceAll(/[^\w]/g, '-');
  await box.create(name, handler, more).catch((error: AwsError) => {
    if (error.code !== 'ResourceConflictException') throw error;
  });
  const result = await box.lambda.invoke(name, JSON.stringify(event));
  return { ...result, value: JSON.parse(result.payload) };
}

const CASES = 'functions/states/cases';

describe('Lambda', () => {
  let box: ReturnType<typeof harness>;
  let lambda: Lambda;
  beforeAll(() => {
    box = harness();
    lambda = box.lambda;
  });
  afterAll(() => box.close());

  it('hands the event and the Lambda context to the handler and keeps the environment warm', async () => {
    const first = await invokeHandler(box, `${CASES}.echo`, { a: [1] }, { Timeout: 5, MemorySize: 256 });
    const second = await invokeHandler(box, `${CASES}.echo`);

    expect(first.value.event).toEqual({ a: [1] });
    expect([first.value.calls, second.value.calls]).toEqual([1, 2]);
    expect(first.value.context).toMatchObject({
      functionName: 'functions-states-cases-echo',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:functions-states-cases-echo',
      logGroupName: '/aws/lambda/functions-states-cases-echo',
    });
    expect(first.value.context.remaining).toBeGreaterThan(4000);
    expect(second.value.context.awsRequestId).not.toBe(first.value.context.awsRequestId);
  });

  it('gives the function its declared environment, what Lambda sets, and nothing of the host', async () => {
    process.env.LANDFALL_HOST_SECRET = 'leak';
    const { value } = await invokeHandler(
      box,
      `${CASES}.environment`,
      {},
      { Environment: { Variables: { TABLE: 'landfall' } } },
    );

    expect(value).toMatchObject({
      TABLE: 'landfall',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'functions-states-cases-environment',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_SESSION_TOKEN: 'token',
      _HANDLER: `${CASES}.environment`,
      TZ: ':UTC',
    });
    expect(value._X_AMZN_TRACE_ID).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
    expect(value.cwd).toBe(value.LAMBDA_TASK_ROOT);
    expect(value).not.toHaveProperty('LANDFALL_HOST_SECRET');
    expect(value.PATH).not.toBe(process.env.PATH);
  });

  it.each([
    ['common.handler', { module: 'object', root: expect.any(String) }],
    ['packaged/index.nested.handler', true],
    [`${CASES}.nothing`, null],
  ])('runs %s whatever kind of module it is', async (handler, expected) => {
    expect((await invokeHandler(box, handler)).value).toEqual(expected);
  });

  it.each([
    [`${CASES}.throwsText`, 'string', 'text'],
    [`${CASES}.unserializable`, 'Error', 'Unable to stringify response body'],
    [
      `${CASES}.large`,
      'Function.ResponseSizeTooLarge',
      /exceeded maximum allowed payload size \(6291556 bytes\)/,
    ],
    [
      `${CASES}.exits`,
      'Runtime.ExitError',
      /^RequestId: [\w-]+ Error: Runtime exited with error: exit status 7$/,
    ],
    [`${CASES}.stray`, 'TypeError', 'stray'],
    [`${CASES}.rejection`, 'Runtime.UnhandledPromiseRejection', 'Error: unheard'],
    [`${CASES}.callback`, 'Runtime.CallbackHandlerDeprecated', /removed support for callback-based/],
    [`${CASES}.absent`, 'Runtime.HandlerNotFound', 'cases.absent is undefined or not exported'],
    [`${CASES}.notAFunction`, 'Runtime.HandlerNotFound', 'cases.notAFunction is not a function'],
    ['broken.handler', 'Runtime.UserCodeSyntaxError', /^SyntaxError: /],
    ['lost.handler', 'Runtime.ImportModuleError', /^Error: Cannot find module .*nowhere\.mjs/],
    ['missing.handler', 'Runtime.ImportModuleError', "Error: Cannot find module 'missing'"],
    ['moody.handler', 'EvalError', 'at load'],
    ['nodot', 'Runtime.MalformedHandlerName', /is not a valid handler name/],
  ])('answers %s with %s', async (handler, errorType, errorMessage) => {
    const { functionError, value } = await invokeHandler(box, handler);

    expect(functionError).toBe('Unhandled');
    expect(value.errorType).toBe(errorType);
    expect(value.errorMessage).toEqual(
      errorMessage instanceof RegExp ? expect.stringMatching(errorMessage) : errorMessage,
    );
  });

  it('answers a thrown error with its literal name and trace, and logs its cause and own properties', async () => {
    const { value, functionError } = await invokeHandler(box, `${CASES}.throws`);

    expect(functionError).toBe('Unhandled');
    expect(value).toEqual({ errorType: 'CutOff', errorMessage: 'gone', trace: expect.any(Array) });
    expect(value.trace[0]).toBe('CutOff: gone');
    const logged = box.needs.messages().find((message) => message.includes('"errorType":"CutOff"'));
    expect(logged).toMatch(/"service":"web".*"cause":\{"errorType":"RangeError"/);
  });

  it('ends a function that outlives its timeout, and starts it anew for the next request', async () => {
    const { value, functionError } = await invokeHandler(box, `${CASES}.hangs`, {}, { Timeout: 1 });
    const echoed = await invokeHandler(box, `${CASES}.echo`);

    expect(functionError).toBe('Unhandled');
    expect(value.errorType).toBe('Sandbox.Timedout');
    expect(value.errorMessage).toMatch(/^RequestId: [\w-]+ Error: Task timed out after 1\.00 seconds$/);
    expect(echoed.functionError).toBeUndefined();
  });

  it('kills a function that takes more memory than it has', async () => {
    const { value } = await invokeHandler(box, `${CASES}.hog`, {}, { MemorySize: 128, Timeout: 10 });

    expect(value.errorType).toBe('Runtime.ExitError');
    expect(value.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
  });

  it('writes START, what the function prints, END and REPORT to the log stream of the environment', async () => {
    await invokeHandler(box, `${CASES}.prints`);

    const lines = box.needs.lines.filter(
      ({ group }) => group === '/aws/lambda/functions-states-cases-prints',
    );
    expect(new Set(lines.map(({ stream }) => stream)).size).toBe(1);
    expect(lines[0]?.stream).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^START RequestId: [\w-]+ Version: \$LATEST$/),
      expect.stringMatching(/^[\d-]+T[\d:.]+Z\t[\w-]+\tINFO\ttwo\nlines \{ a: 1 \}$/),
      'raw',
      expect.stringMatching(/^END RequestId: [\w-]+$/),
      expect.stringMatching(
        /^REPORT .*\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tInit Duration: [\d.]+ ms$/,
      ),
    ]);
  });

  it('runs requests at the same time in environments of their own, up to the reserved concurrency', async () => {
    await box.create('busy', `${CASES}.waits`);
    await box.call('PutFunctionConcurrency', { FunctionName: 'busy', ReservedConcurrentExecutions: 2 });

    const results = await Promise.allSettled([1, 2, 3].map(() => lambda.invoke('busy', '{}')));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((results[2] as PromiseRejectedResult).reason).toMatchObject({
      code: 'TooManyRequestsException',
      httpStatus: 429,
      fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    expect(
      results
        .slice(0, 2)
        .map((result) => (result as PromiseFulfilledResult<{ payload: string }>).value.payload),
    ).toEqual(['0', '0']);
  });

  it('starts a new environment after the configuration has changed, and keeps published versions as they were', async () => {
    await box.create('changing', `${CASES}.environment`, { Environment: { Variables: { STAGE: 'one' } } });
    await lambda.invoke('changing', '{}');
    const published = await box.call('PublishVersion', { FunctionName: 'changing' });
    await box.call('UpdateFunctionConfiguration', {
      FunctionName: 'changing',
      Environment: { Variables: { STAGE: 'two' } },
    });

    const latest = await lambda.invoke('changing', '{}');
    const frozen = await lambda.invoke(`${published.FunctionArn}`, '{}');

    expect(published).toMatchObject({ Version: '1', FunctionArn: expect.stringMatching(/:changing:1$/) });
    expect(JSON.parse(latest.payload).STAGE).toBe('two');
    expect(JSON.parse(frozen.payload)).toMatchObject({ STAGE: 'one', AWS_LAMBDA_FUNCTION_VERSION: '1' });
  });

  it('refuses what it cannot run by name', async () => {
    await expect(box.create('python', 'index.handler', { Runtime: 'python3.13' })).rejects.toThrow(
      /Node\.js functions only/,
    );
    await expect(box.create('role', 'index.handler', { Role: `${ROLE}/missing` })).rejects.toThrow(
      /cannot be assumed by Lambda/,
    );
    await expect(
      box.create('zip', 'index.handler', { Code: { ZipFile: strToU8('no zip') } }),
    ).rejects.toThrow(/Could not unzip/);
    await expect(lambda.invoke('absent', '{}')).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      httpStatus: 404,
    });
    await expect(box.call('Invoke', { FunctionName: 'busy', Payload: strToU8('{') })).rejects.toMatchObject({
      code: 'InvalidRequestContentException',
    });
  });

  it('lets only those services invoke it that its resource-based policy names', async () => {
    await box.create('guarded', `${CASES}.echo`);
    const rule = {
      principal: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/deployments',
    };
    expect(lambda.allows('guarded', rule)).toBe(false);
    expect(() => lambda.invokeAsync('guarded', '{}', rule)).toThrow(AwsError);

    await box.call('AddPermission', {
      FunctionName: 'guarded',
      StatementId: 'events',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/*',
    });

    expect(lambda.allows('guarded', rule)).toBe(true);
    expect(lambda.allows('guarded', { ...rule, principal: 'sns.amazonaws.com' })).toBe(false);
    expect(lambda.allows('guarded', { ...rule, sourceArn: 'arn:aws:events:us-east-1:1:rule/x' })).toBe(false);
    const { Policy } = await box.call('GetPolicy', { FunctionName: 'guarded' });
    expect(JSON.parse(Policy).Statement).toHaveLength(1);
  });
});

/** How many worker threads this process has, by its own diagnostic report. */
function threads(): number {
  return (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
}

describe('Lambda, closing', () => {
  it('ends running requests with their threads and starts no more', async () => {
    const box = harness();
    await box.create('endless', `${CASES}.hangs`, { Timeout: 60 });
    const before = threads();
    const running = box.lambda.invoke('endless', '{}');
    box.lambda.invokeAsync('endless', '{}');
    while (box.needs.messages().filter((line) => line.startsWith('START')).length < 2) await setImmediate();
    const during = threads();

    await box.close();

    expect(JSON.parse((await running).payload)).toMatchObject({ errorType: 'Runtime.ExitError' });
    await expect(box.lambda.invoke('endless', '{}')).rejects.toMatchObject({ code: 'ServiceException' });
    expect([during, threads()]).toEqual([before + 2, before]);
  });
});

describe('Lambda, asynchronously', () => {
  it('retries a failing event twice and sends its record to the failure destination', async () => {
    const box = harness({ retryDelays: [1, 1] });
    const topic = 'arn:aws:sns:eu-west-1:111122223333:failures';
    await box.create('failing', `${CASES}.throws`);
    await box.call('PutFunctionEventInvokeConfig', {
      FunctionName: 'failing',
      DestinationConfig: { OnFailure: { Destination: topic } },
    });

    const answer = await box.call('Invoke', {
      FunctionName: 'failing',
      InvocationType: 'Event',
      Payload: strToU8('{"n":1}'),
    });
    await box.lambda.idle();

    expect(answer).toEqual({ StatusCode: 202 });
    const starts = box.needs.messages().filter((message) => message.startsWith('START'));
    expect(starts).toEqual(Array(3).fill('START RequestId: request-1 Version: $LATEST'));
    expect(box.sent).toHaveLength(1);
    expect(box.sent[0]).toMatchObject({ service: 'sns', operation: 'Publish', input: { TopicArn: topic } });
    expect(JSON.parse(String(box.sent[0]?.input.Message))).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { n: 1 },
      responsePayload: { errorType: 'CutOff' },
    });
    await box.close();
  });

  it('waits for a free environment when it is throttled, and loses nothing', async () => {
    const box = harness({ throttleDelay: 5 });
    await box.create('narrow', `${CASES}.waits`);
    await box.call('PutFunctionConcurrency', { FunctionName: 'narrow', ReservedConcurrentExecutions: 1 });

    box.lambda.invokeAsync('narrow', '{}');
    box.lambda.invokeAsync('narrow', '{}');
    await box.lambda.idle();

    expect(box.needs.messages().filter((message) => message.startsWith('END'))).toHaveLength(2);
    await box.close();
  });

  it('replaces a warm environment before its credentials end', async () => {
    const box = harness({}, () => new Date(Date.now() + 30_000));
    await box.create('short', `${CASES}.echo`);

    await box.lambda.invoke('short', '{}');
    const second = await box.lambda.invoke('short', '{}');

    expect(JSON.parse(second.payload).calls).toBe(1);
    expect(box.needs.sessions).toEqual(Array(2).fill({ roleArn: ROLE, sessionName: 'short' }));
    await box.close();
  });
});

describe('Lambda with handlers of this process', () => {
  it('runs them with the same payloads, errors and limits as in a worker', async () => {
    const box = harness({
      runners: {
        inProcess: (name) =>
          name === 'here'
            ? async (event) => ({ event, pid: process.pid })
            : async () => Promise.reject(new RangeError('out')),
      },
    });
    await box.create('here', 'any.handler');
    await box.create('there', 'any.handler');

    expect(JSON.parse((await box.lambda.invoke('here', '{"a":1}')).payload)).toEqual({
      event: { a: 1 },
      pid: process.pid,
    });
    const failed = await box.lambda.invoke('there', '{}');
    expect(failed.functionError).toBe('Unhandled');
    expect(JSON.parse(failed.payload)).toMatchObject({ errorType: 'RangeError', errorMessage: 'out' });
    await box.close();
  });
});
