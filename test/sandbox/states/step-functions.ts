import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import { createClock } from '@sinonjs/fake-timers';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Json } from '#sandbox/states/json.ts';
import { createStates } from '#sandbox/states/states.ts';
import { administrator, bareContext } from '#test/sandbox/support/bare-context.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/machine';
export const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';

/** A function under the Lambda port: its return value is the answer, an Error is what the function throws. */
export type Handler = (event: Json, call: { signal?: AbortSignal; at: number }) => unknown;
type Emitted = Parameters<SandboxContext['emit']>[0];

/** Step Functions in virtual time, over functions given as plain functions. */
export function stepFunctions(functions: Record<string, Handler> = {}) {
  const time = createClock(Date.UTC(2026, 0, 1));
  const emitted: Emitted[] = [];
  const denied = new Set<string>();
  const context: SandboxContext = {
    ...bareContext({
      now: () => time.now,
      setTimeout: (callback, milliseconds) => time.setTimeout(callback, milliseconds),
      clearTimeout: (timer) => time.clearTimeout(timer as number),
    }),
    emit: (event) => void emitted.push(event),
  };
  const states = createStates(context, {
    iam: {
      authorizeRole(_role, requests) {
        const refused = requests.flatMap(({ resources }) => resources).find((arn) => denied.has(arn));
        if (refused) throw new AwsError('AccessDeniedException', `not authorized on ${refused}`);
      },
    },
    lambda: {
      async invoke(name, payload, options) {
        const handler = functions[name.split(':').at(-1) ?? ''];
        if (!handler)
          throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, { httpStatus: 404 });
        try {
          const result = await handler(JSON.parse(payload), { signal: options?.signal, at: time.now });
          return { payload: JSON.stringify(result ?? null) };
        } catch (error) {
          if (!(error instanceof Error) || error instanceof AwsError) throw error;
          const thrown = { errorType: error.name, errorMessage: error.message, trace: [] };
          return { payload: JSON.stringify(thrown), functionError: 'Unhandled' };
        }
      },
    },
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of the answer it asked for
  const call = async (operation: string, input: object): Promise<any> => {
    const handler = states.definition.operations[operation];
    if (!handler) throw new Error(`no operation ${operation}`);
    return handler(input, administrator);
  };
  const create = (definition: object) =>
    call('CreateStateMachine', { name: 'machine', definition: JSON.stringify(definition), roleArn: ROLE });
  /** Starts an execution and lets it go on until it waits for something. */
  const start = async (input: Json = {}, name = 'run'): Promise<string> => {
    const request = { stateMachineArn: MACHINE, name, input: JSON.stringify(input) };
    const { executionArn } = await call('StartExecution', request);
    await time.tickAsync(0);
    return executionArn;
  };
  const describe = (executionArn: string): Promise<DescribeExecutionOutput> =>
    call('DescribeExecution', { executionArn });
  const history = async (executionArn: string): Promise<HistoryEvent[]> =>
    (await call('GetExecutionHistory', { executionArn, maxResults: 1000 })).events;
  const path = async (executionArn: string) => (await history(executionArn)).map(({ type }) => type);
  const redrive = async (executionArn: string) => {
    const answer = await call('RedriveExecution', { executionArn });
    await time.tickAsync(0);
    return answer;
  };
  const advance = (seconds: number) => time.tickAsync(seconds * 1000);
  return { states, time, emitted, denied, call, create, start, describe, history, path, redrive, advance };
}

/** A Task that invokes `name` with its input. */
export function task(name: string, fields: object = {}) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: name, Payload: '{% $states.input %}' },
    ...('Next' in fields ? {} : { End: true }),
    ...fields,
  };
}

/** A Task that hands its token to `name` and waits for the answer. */
export function waitingTask(name: string, fields: object = {}) {
  return {
    ...task(name, fields),
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: name, Payload: { token: '{% $states.context.Task.Token %}' } },
  };
}

/** A machine in JSONata that begins with the first of the states. */
export function machine(states: Record<string, object>, fields: object = {}) {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...fields };
}

export function named(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}
