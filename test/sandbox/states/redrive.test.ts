/**
 * There is no recorded redrive: these tests hold the engine against what AWS documents ("Restarting state
 * machine executions with redrive", RedriveExecution and DescribeExecution in the API reference).
 */
import { describe, expect, it } from '@jest/globals';
import type { Json } from '#sandbox/states/json.ts';
import { machine, named, stepFunctions, task, waitingTask } from './step-functions.ts';

/** Fails until it is told that all is well. */
function flaky() {
  const state = { well: false, events: [] as Json[] };
  const handler = (event: Json) => {
    state.events.push(event);
    if (!state.well) throw named('NotYet');
    return 'well';
  };
  return { state, handler };
}

describe('a redrive', () => {
  it('runs the failed Task again with the same state input, and not what went well before', async () => {
    const { state, handler } = flaky();
    let calls = 0;
    const { create, start, redrive, describe, history } = stepFunctions({
      once: () => ({ n: ++calls }),
      flaky: handler,
    });
    await create(
      machine({
        Once: task('once', { Output: '{% $states.result.Payload %}', Next: 'Flaky' }),
        Flaky: task('flaky', { Output: '{% $states.result.Payload %}' }),
      }),
    );
    const execution = await start();
    expect((await describe(execution)).status).toBe('FAILED');

    state.well = true;
    await redrive(execution);

    expect(await describe(execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: '"well"',
      redriveCount: 1,
    });
    expect(calls).toBe(1);
    expect(state.events).toEqual([{ n: 1 }, { n: 1 }]);
    const events = await history(execution);
    const redriven = events.findIndex(({ type }) => type === 'ExecutionRedriven');
    expect(events[redriven - 1]?.type).toBe('ExecutionFailed');
    expect(events[redriven]?.executionRedrivenEventDetails).toEqual({ redriveCount: 1 });
    expect(events.slice(redriven + 1).map(({ type }) => type)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
  });

  it('evaluates Arguments anew: the context object tells how often and when, but not a new EnteredTime', async () => {
    const seen: Json[] = [];
    const { create, start, redrive, advance, time } = stepFunctions({
      look: (event) => {
        seen.push(event);
        throw named('Again');
      },
    });
    await create(
      machine({
        Look: { ...task('look'), Arguments: { FunctionName: 'look', Payload: '{% $states.context %}' } },
      }),
    );
    const execution = await start();

    await advance(100);
    const redriveTime = new Date(time.now).toISOString();
    await redrive(execution);

    const [before, after] = seen as { Execution: Record<string, Json>; State: Record<string, Json> }[];
    expect(before?.Execution).not.toHaveProperty('RedriveCount');
    expect(after?.Execution).toMatchObject({ RedriveCount: 1, RedriveTime: redriveTime });
    expect(after?.State.EnteredTime).toBe(before?.State.EnteredTime);
  });

  it('starts the counts of retries over, and the timeouts of the Task and of the machine', async () => {
    const times: number[] = [];
    const { create, start, redrive, advance, describe } = stepFunctions({
      f: (_event, { at }) => {
        times.push(at);
        return new Promise(() => undefined);
      },
    });
    const retry = [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1, IntervalSeconds: 1 }];
    await create(machine({ Slow: task('f', { TimeoutSeconds: 20, Retry: retry }) }, { TimeoutSeconds: 45 }));
    const execution = await start();
    await advance(42);
    expect(times).toHaveLength(2);
    expect((await describe(execution)).status).toBe('FAILED');

    await redrive(execution);
    await advance(40);

    expect(times).toHaveLength(4);
    expect((await describe(execution)).status).toBe('RUNNING');
    await advance(2);
    expect((await describe(execution)).status).toBe('FAILED');
  });

  it('keeps the variables that were assigned before', async () => {
    const { state, handler } = flaky();
    const { create, start, redrive, describe } = stepFunctions({ flaky: handler });
    await create(
      machine({
        Set: { Type: 'Pass', Assign: { color: 'blue' }, Next: 'Flaky' },
        Flaky: task('flaky', { Output: '{% $color %}' }),
      }),
    );
    const execution = await start();

    state.well = true;
    await redrive(execution);

    expect((await describe(execution)).output).toBe('"blue"');
  });

  it('enters a Fail state again and fails again', async () => {
    const { create, start, redrive, describe, path } = stepFunctions();
    await create(machine({ No: { Type: 'Fail', Error: 'X' } }));
    const execution = await start();

    await redrive(execution);

    expect((await describe(execution)).status).toBe('FAILED');
    expect(await path(execution)).toEqual([
      'ExecutionStarted',
      'FailStateEntered',
      'ExecutionFailed',
      'ExecutionRedriven',
      'FailStateEntered',
      'ExecutionFailed',
    ]);
  });

  it('evaluates a Choice again', async () => {
    const { create, start, redrive, describe } = stepFunctions();
    await create(
      machine({
        Decide: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.context.Execution.RedriveCount > 0 %}', Next: 'Fine' }],
        },
        Fine: { Type: 'Succeed' },
      }),
    );
    const execution = await start();
    expect((await describe(execution)).error).toBe('States.Runtime');

    await redrive(execution);

    expect((await describe(execution)).status).toBe('SUCCEEDED');
  });

  it('leaves a Wait at once whose Timestamp has passed meanwhile', async () => {
    const { create, start, redrive, call, describe, advance, time } = stepFunctions();
    const until = new Date(time.now + 60_000).toISOString();
    await create(machine({ Until: { Type: 'Wait', Timestamp: until, End: true } }));
    const execution = await start();
    await call('StopExecution', { executionArn: execution });
    await advance(120);

    await redrive(execution);

    expect((await describe(execution)).status).toBe('SUCCEEDED');
  });

  it('leaves a Pass whose output failed', async () => {
    const { create, start, redrive, describe } = stepFunctions();
    await create(
      machine({
        Shape: { Type: 'Pass', Output: '{% $states.context.Execution.RedriveTime %}', End: true },
      }),
    );
    const execution = await start();
    expect((await describe(execution)).error).toBe('States.QueryEvaluationError');

    await redrive(execution);

    expect((await describe(execution)).status).toBe('SUCCEEDED');
  });

  it('runs only the branches of a Parallel that failed or were interrupted', async () => {
    const { state, handler } = flaky();
    const calls: string[] = [];
    const { create, start, redrive, describe, advance } = stepFunctions({
      quick: () => calls.push('quick'),
      slow: () => {
        calls.push('slow');
        return state.well ? 'slow' : new Promise(() => undefined);
      },
      flaky: handler,
    });
    const branch = (name: string) =>
      machine({
        [`Before ${name}`]: { Type: 'Wait', Seconds: name === 'flaky' ? 1 : 0, Next: name },
        [name]: task(name, { Output: `{% '${name}' %}` }),
      });
    await create(
      machine({ All: { Type: 'Parallel', Branches: ['quick', 'slow', 'flaky'].map(branch), End: true } }),
    );
    const execution = await start();
    await advance(1);
    expect((await describe(execution)).error).toBe('NotYet');

    state.well = true;
    await redrive(execution);

    expect((await describe(execution)).output).toBe('["quick","slow","flaky"]');
    expect(calls).toEqual(['quick', 'slow', 'slow']);
  });

  it('runs only the iterations of a Map that failed or had not begun', async () => {
    let well = false;
    const calls: Json[] = [];
    const { create, start, redrive, describe, path } = stepFunctions({
      f: (event) => {
        calls.push(event);
        if (event === 2 && !well) throw named('Two');
        return event;
      },
    });
    await create(
      machine({
        Each: {
          Type: 'Map',
          MaxConcurrency: 1,
          ItemProcessor: machine({ One: task('f', { Output: '{% $states.result.Payload * 10 %}' }) }),
          End: true,
        },
      }),
    );
    const execution = await start([1, 2, 3]);
    expect((await describe(execution)).error).toBe('Two');

    well = true;
    await redrive(execution);

    expect((await describe(execution)).output).toBe('[10,20,30]');
    expect(calls).toEqual([1, 2, 2, 3]);
    const types = await path(execution);
    expect(types.filter((type) => type === 'MapStateStarted')).toHaveLength(1);
    expect(types.filter((type) => type === 'MapIterationStarted')).toHaveLength(3);
  });

  it('invokes a waiting Task again, with a new token', async () => {
    const tokens: string[] = [];
    const { create, start, redrive, call, describe, time } = stepFunctions({
      keep: (event) => tokens.push((event as { token: string }).token),
    });
    await create(machine({ Await: waitingTask('keep') }));
    const execution = await start();
    await call('SendTaskFailure', { taskToken: tokens[0], error: 'RolledBack' });
    await time.tickAsync(0);

    await redrive(execution);
    await call('SendTaskSuccess', { taskToken: tokens[1], output: '"ok"' });
    await time.tickAsync(0);

    expect(tokens).toHaveLength(2);
    expect((await describe(execution)).output).toBe('"ok"');
  });

  it('announces that the execution runs again', async () => {
    const { create, start, redrive, emitted } = stepFunctions();
    await create(machine({ No: { Type: 'Fail' } }));

    await redrive(await start());

    expect(emitted.map(({ detail }) => [detail.status, detail.redriveCount])).toEqual([
      ['RUNNING', 0],
      ['FAILED', 0],
      ['RUNNING', 1],
      ['FAILED', 1],
    ]);
  });
});

describe('RedriveExecution', () => {
  const failing = machine({ No: { Type: 'Fail', Error: 'X' } });
  const DAY = 86_400;

  it('answers the same for the same client token for 15 minutes', async () => {
    const { create, start, call, describe, advance } = stepFunctions();
    await create(failing);
    const executionArn = await start();
    const ask = async () => {
      const answer = await call('RedriveExecution', { executionArn, clientToken: 'once' });
      await advance(60);
      return answer;
    };

    expect(await ask()).toEqual(await ask());
    expect((await describe(executionArn)).redriveCount).toBe(1);
    await advance(15 * 60);
    await ask();
    expect((await describe(executionArn)).redriveCount).toBe(2);
  });

  it('refuses a client token that AWS would not take', async () => {
    const { create, start, call } = stepFunctions();
    await create(failing);
    const executionArn = await start();

    for (const clientToken of ['', 'with blank', 'x'.repeat(65)]) {
      await expect(call('RedriveExecution', { executionArn, clientToken })).rejects.toMatchObject({
        code: 'ValidationException',
      });
    }
  });

  it.each([
    ['Execution is SUCCEEDED and cannot be redriven', machine({ Ok: { Type: 'Succeed' } }), 0],
    [
      'Execution is RUNNING and cannot be redriven',
      machine({ Nap: { Type: 'Wait', Seconds: 99, End: true } }),
      0,
    ],
    ['Execution redrivable period exceeded', failing, 14 * DAY + 1],
    ['Execution has exceeded the max execution time', failing, 366 * DAY],
  ])('refuses with: %s', async (reason, definition, seconds) => {
    const { create, start, call, describe, advance } = stepFunctions();
    await create(definition);
    const executionArn = await start();
    await advance(seconds);

    expect(await describe(executionArn)).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: reason,
    });
    await expect(call('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: reason,
    });
    expect((await describe(executionArn)).redriveCount).toBe(0);
  });

  it('refuses an execution that it does not know', async () => {
    const { call } = stepFunctions();

    await expect(call('RedriveExecution', { executionArn: 'arn:aws:states:x' })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
  });
});
