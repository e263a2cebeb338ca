import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '#sandbox/core/random.ts';
import { difference } from '#sandbox/states/conformance/compare.ts';
import type { Recording } from '#sandbox/states/conformance/recording.ts';
import { VirtualClock } from '#sandbox/states/conformance/virtual-clock.ts';
import type { StateMachineDefinition } from '#sandbox/states/interpreter/definition.ts';
import { Execution } from '#sandbox/states/interpreter/execution.ts';
import type { Json } from '#sandbox/states/json.ts';

/** Runs a machine without the service, in virtual time; its Tasks all fail with the error their function is named by. */
async function run(definition: object, input: Json = {}): Promise<Execution> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const execution = new Execution({
    definition: definition as StateMachineDefinition,
    input: JSON.stringify(input),
    identity: {
      executionArn: 'arn:execution',
      executionName: 'name',
      stateMachineArn: 'arn:machine',
      stateMachineName: 'machine',
      roleArn: 'arn:role',
    },
    environment: {
      clock,
      random: seededRandom(1),
      region: 'eu-west-1',
      tasks: {
        invoke: ({ payload }) => Promise.resolve(payload),
        openCallback: () => {
          throw new Error('not here');
        },
      },
    },
  });
  execution.start();
  await clock.run(() => execution.status !== 'RUNNING');
  return execution;
}

const single = (state: object, fields: object = {}) => ({
  StartAt: 'S',
  States: { S: { End: true, ...state } },
  ...fields,
});

async function outputOf(state: object, input: Json = {}): Promise<Json> {
  const { output, error, cause } = await run(single(state), input);
  return output === undefined ? `${error}: ${cause}` : (JSON.parse(output) as Json);
}

const parameters = (expression: string, input: Json) =>
  outputOf({ Type: 'Pass', Parameters: { v: 0, 'v.$': expression }, OutputPath: '$.v' }, input);

describe('JSONPath', () => {
  const input: Json = {
    a: { b: [1, 2, 3, 4] },
    'x y': 5,
    items: [{ n: 1, t: 'p' }, { n: 2 }, { n: 3, t: 'q' }],
  };

  it.each([
    ['$', input],
    ['$.a.b[0]', 1],
    ['$.a.b[-1]', 4],
    ["$['x y']", 5],
    ['$.a.b[1:3]', [2, 3]],
    ['$.a.b[0,2]', [1, 3]],
    ['$.a.b.length()', 4],
    ['$..n', [1, 2, 3]],
    ['$.items[*].n', [1, 2, 3]],
    ['$.items[?(@.n > 1)].n', [2, 3]],
    ['$.items[?(@.t)].n', [1, 3]],
    ["$.items[?(@.t == 'p' || @.n == 3)].n", [1, 3]],
    ['$.items[?(!(@.n == 2) && @.n < 3)].n', [1]],
    ["$.items[?(@.t in ['q'])].n", [3]],
    ['$.items[?(@.t =~ /P/i)].n', [1]],
    ['$.items[?(@.n == $.a.b[2])].t', ['q']],
    ['$.nothing[*]', []],
    ['$$.Execution.Name', 'name'],
    ['$$.StateMachine.Name', 'machine'],
  ])('%s', async (path, value) => {
    expect(await parameters(path, input)).toEqual(value);
  });

  it.each<[state: object, message: string]>([
    [{ Type: 'Pass', InputPath: '$.a.c.d' }, "Invalid path '$.a.c.d' : Missing property in path $['a']['c']"],
    [{ Type: 'Pass', InputPath: '$.a.c' }, "Invalid path '$.a.c' : No results for path: $['a']['c']"],
    [
      { Type: 'Wait', SecondsPath: '$.no' },
      'The SecondsPath parameter does not reference an input value: $.no',
    ],
    [
      { Type: 'Map', ItemsPath: '$.a', ItemProcessor: single({ Type: 'Pass' }) },
      'Reference path "$.a" must point to array.',
    ],
  ])('%j fails as on AWS', async (state, message) => {
    expect(await outputOf(state, { a: { b: 1 } })).toBe(
      `States.Runtime: An error occurred while executing the state 'S' (entered at the event id #2). ${message}`,
    );
  });

  it('puts a result into the input, making the objects on the way', async () => {
    const state = { Type: 'Pass', Result: 1, ResultPath: '$.a.b[1].c.d' };

    expect(await outputOf(state, { a: { b: [0, {}] } })).toEqual({ a: { b: [0, { c: { d: 1 } }] } });
    expect(await outputOf(state, { a: 'text' })).toMatch(/^States.ResultPathMatchFailure/);
  });
});

describe('the intrinsic function', () => {
  it.each<[expression: string, value: Json]>([
    ["States.Format('{} is \\'{}\\' \\{\\}', $.name, 1.5)", "Ann is '1.5' {}"],
    ["States.Format('{}', $.list)", '[1, 2, 2]'],
    ['States.StringToJson($.json)', { a: [1] }],
    ['States.JsonToString($.list)', '[1,2,2]'],
    ["States.Array(1, 'x', null, true, $.name)", [1, 'x', null, true, 'Ann']],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [2]]],
    ['States.ArrayContains($.list, 2)', true],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 3],
    ['States.ArrayUnique($.list)', [1, 2]],
    ['States.Base64Decode(States.Base64Encode($.name))', 'Ann'],
    ["States.Hash('abc', 'MD5')", '900150983cd24fb0d6963f7d28e17f72'],
    ['States.JsonMerge($.left, $.right, false)', { a: { y: 2 }, b: 1 }],
    ['States.MathAdd(111, -1)', 110],
    ["States.StringSplit('a-b,,c', ',-')", ['a', 'b', 'c']],
  ])('%s', async (call, value) => {
    const input = {
      name: 'Ann',
      list: [1, 2, 2],
      json: '{"a":[1]}',
      left: { a: { x: 1 }, b: 1 },
      right: { a: { y: 2 } },
    };

    expect(await parameters(call, input)).toEqual(value);
  });

  it('MathRandom stays within its bounds and repeats for a seed; UUID is one', async () => {
    const seeded = await parameters('States.MathRandom(1, 100, 7)', {});

    expect(await parameters('States.MathRandom(1, 100, 7)', {})).toBe(seeded);
    expect(await parameters('States.MathRandom(3, 4)', {})).toBe(3);
    expect(await parameters('States.UUID()', {})).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab]/);
  });

  it.each([
    'States.ArrayGetItem($.list, 9)',
    'States.StringToJson($.text)',
    'States.ArrayRange(1, 2000, 1)',
    'States.JsonMerge($, $, true)',
    "States.Hash($.text, 'CRC')",
    "States.Format('{} {}', 1)",
  ])('%s fails with States.IntrinsicFailure, and says which function', async (call) => {
    expect(await parameters(call, { list: [], text: '{' })).toContain(
      `States.IntrinsicFailure: An error occurred while executing the state 'S' (entered at the event id #2). The function '${call}' had the following error: `,
    );
  });
});

describe('a Choice in JSONPath', () => {
  const chosen = async (rule: object, input: Json) => {
    const execution = await run(
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
          Yes: { Type: 'Succeed' },
          No: { Type: 'Fail', Error: 'No' },
        },
      },
      input,
    );
    return execution.error === undefined ? true : execution.error === 'No' ? false : execution.cause;
  };
  const input = {
    s: 'log-1.txt',
    n: 5,
    b: true,
    z: null,
    t: '2026-01-01T00:00:00Z',
    other: { s: 'zzz', n: 5 },
  };

  it.each<[object, boolean]>([
    [{ Variable: '$.s', StringEquals: 'log-1.txt' }, true],
    [{ Variable: '$.s', StringLessThanPath: '$.other.s' }, true],
    [{ Variable: '$.s', StringGreaterThan: 'zzz' }, false],
    [{ Variable: '$.s', StringMatches: 'log-*.txt' }, true],
    [{ Variable: '$.s', StringMatches: 'log-\\*.txt' }, false],
    [{ Variable: '$.n', NumericEqualsPath: '$.other.n' }, true],
    [{ Variable: '$.n', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.n', NumericLessThan: 5 }, false],
    [{ Variable: '$.s', NumericEquals: 5 }, false],
    [{ Variable: '$.b', BooleanEquals: true }, true],
    [{ Variable: '$.t', TimestampEquals: '2026-01-01T01:00:00+01:00' }, true],
    [{ Variable: '$.t', TimestampLessThanEquals: '2025-12-31T23:59:59Z' }, false],
    [{ Variable: '$.z', IsNull: true }, true],
    [{ Variable: '$.q', IsPresent: false }, true],
    [{ Variable: '$.n', IsNumeric: true }, true],
    [{ Variable: '$.n', IsString: false }, true],
    [{ Variable: '$.b', IsBoolean: true }, true],
    [{ Variable: '$.t', IsTimestamp: true }, true],
    [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
    [
      {
        Or: [
          { Variable: '$.n', NumericEquals: 1 },
          { Variable: '$.b', BooleanEquals: true },
        ],
      },
      true,
    ],
    [
      {
        And: [
          { Variable: '$.q', IsPresent: true },
          { Variable: '$.q', NumericEquals: 1 },
        ],
      },
      false,
    ],
  ])('%j is %p', async (rule, result) => {
    expect(await chosen(rule, input)).toBe(result);
  });

  it('fails on a variable that is not there', async () => {
    expect(await chosen({ Variable: '$.q', NumericEquals: 1 }, input)).toContain(
      "Invalid path '$.q': The choice state's condition path references an invalid value.",
    );
  });
});

describe('JSONata', () => {
  const value = (expression: string, input: Json = {}) =>
    outputOf({ Type: 'Pass', QueryLanguage: 'JSONata', Output: `{% ${expression} %}` }, input);

  it.each<[expression: string, value: Json]>([
    ['$partition([1..5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ["$hash('abc', 'SHA-1')", 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['$parse(\'{"a":1}\').a', 1],
    ['$random(3) = $random(3)', true],
    ['$now()', '2026-01-01T00:00:00.000Z'],
    ['$millis()', Date.UTC(2026, 0, 1)],
    ["$now('[Y]')", '2026'],
    ['$states.context.Execution.RedriveCount', 0],
    ['$count($shuffle([1..9]))', 9],
  ])('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  it.each([
    ["$abs('x')", 'T0410: Argument 1 of function "abs" does not match function signature'],
    ["$parse('{')", 'threw an error during evaluation: '],
    ["$eval('1')", 'The function $eval is not supported'],
    [
      '$nothing',
      "The JSONata expression '$nothing' specified for the field 'Output' returned nothing (undefined).",
    ],
    ['function($x){$x}', "for the field 'Output' returned an unsupported result type."],
  ])('%s fails with States.QueryEvaluationError', async (expression, message) => {
    const failure = await value(expression);

    expect(failure).toMatch(/^States.QueryEvaluationError: An error occurred while executing the state 'S'/);
    expect(failure).toContain(message);
  });

  it('lets Assign and Output see the variables as they were at state entry', async () => {
    const execution = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { x: 1 }, Next: 'B' },
        B: { Type: 'Pass', Assign: { x: 2, y: '{% $x %}' }, Output: '{% $x %}', Next: 'C' },
        C: { Type: 'Pass', Output: '{% [$states.input, $x, $y] %}', End: true },
      },
    });

    expect(execution.output).toBe('[1,2,1]');
  });

  it('catches its own failed evaluations, after writing them into the history', async () => {
    const execution = await run({
      QueryLanguage: 'JSONata',
      StartAt: 'T',
      States: {
        T: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
          Arguments: { a: ['{% 1 %}', '{% $no %}'] },
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'End' }],
          End: true,
        },
        End: { Type: 'Succeed' },
      },
    });

    expect(execution.output).toBe('"States.QueryEvaluationError"');
    expect(execution.events[2]).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { state: 'T', location: 'Arguments/a[1]' },
    });
  });
});

describe('limits', () => {
  const big = 'x'.repeat(262_144);

  it('fail a state whose output is larger than 256 KiB, and States.ALL does not catch that', async () => {
    const parallel = {
      Type: 'Parallel',
      Branches: [single({ Type: 'Pass' })],
      ResultPath: '$.r',
      ResultSelector: { big },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }],
    };

    expect(await outputOf(parallel)).toMatch(
      /^States.DataLimitExceeded: The state\/task 'S' returned a result/,
    );
  });

  it('let a wait be longer than a timer of JavaScript', async () => {
    const execution = await run(single({ Type: 'Wait', Seconds: 60 * 86_400 }));

    expect(execution.status).toBe('SUCCEEDED');
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(60 * 86_400_000);
  });

  it('run no more iterations of a Map at a time than MaxConcurrency', async () => {
    const nap = { StartAt: 'N', States: { N: { Type: 'Wait', Seconds: 10, End: true } } };
    const seconds = async (fields: object) => {
      const { startDate, stopDate } = await run(
        single({ Type: 'Map', ItemProcessor: nap, ...fields }),
        [1, 2, 3, 4, 5],
      );
      return (Number(stopDate) - Number(startDate)) / 1000;
    };

    expect(await seconds({ MaxConcurrency: 2 })).toBe(30);
    expect(await seconds({})).toBe(10);
  });

  it('let a Map go on until more iterations fail than are tolerated', async () => {
    const odd = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ Variable: '$', NumericGreaterThan: 2, Next: 'F' }], Default: 'P' },
        P: { Type: 'Pass', End: true },
        F: { Type: 'Fail', Error: 'Odd', Cause: 'c' },
      },
    };
    const map = (fields: object) =>
      outputOf({ Type: 'Map', MaxConcurrency: 1, ItemProcessor: odd, ...fields }, [1, 2, 3]);

    expect(await map({ ToleratedFailureCount: 1 })).toEqual([1, 2, { Error: 'Odd', Cause: 'c' }]);
    expect(await map({ ToleratedFailurePercentage: 10 })).toMatch(/^States.ExceedToleratedFailureThreshold/);
    expect(await map({})).toBe('Odd: c');
  });
});

describe('the conformance run', () => {
  const definition = single({ Type: 'Pass', Result: { a: 1 } });
  const recorded = async (): Promise<Recording> => {
    const { events } = await run(definition);
    return {
      id: 'case',
      definition: definition as unknown as StateMachineDefinition,
      input: {},
      events: JSON.parse(JSON.stringify(events)),
    };
  };

  it('finds no difference where there is none, through placeholders', async () => {
    const recording = await recorded();
    recording.events[0] = {
      ...recording.events[0],
      executionStartedEventDetails: { input: {}, inputDetails: { truncated: false }, roleArn: '<role>' },
    } as never;

    expect(difference(recording, (await run(definition)).events)).toBeUndefined();
  });

  it.each<[string, (events: Recording['events']) => unknown, string]>([
    [
      'another output',
      (events) => Object.assign(events[2]?.stateExitedEventDetails as object, { output: { a: 2 } }),
      'PassStateExited.output',
    ],
    [
      'another predecessor',
      (events) => Object.assign(events[3] as object, { previousEventId: 1 }),
      'recorded behind 1',
    ],
    [
      'another type',
      (events) => Object.assign(events[3] as object, { type: 'ExecutionFailed' }),
      'but replayed ExecutionSucceeded',
    ],
    ['an event more', (events) => events.push({ id: 5, type: 'ExecutionSucceeded' }), 'no such event'],
    [
      'a member less',
      (events) => Object.assign(events[1]?.stateEnteredEventDetails as object, { extra: 1 }),
      'PassStateEntered.extra',
    ],
  ])('tells %s', async (_name, change, message) => {
    const recording = await recorded();
    change(recording.events);

    expect(difference(recording, (await run(definition)).events)).toContain(message);
  });
});
