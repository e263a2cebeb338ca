import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { AwsError } from '#sandbox/core/errors.ts';
import { ConnectionLost } from '#sandbox/wire/connection-lost.ts';
import { functionOf } from '#test/support/wiring.ts';
import { createWorld, type World } from './harness.ts';
import { capturePrintedMetrics, type PrintedMetrics } from './metrics.ts';
import { isItemCall } from './queue.ts';
import { behaveBy, crash, createFaults, type Faults, recordOf } from './runs.ts';

/**
 * Executions that end without HaltDeployment: what they leave running is on record, told and counted all the same. One
 * world, whose service's life goes on from test to test.
 */
let world: World;
let faults: Faults;
let metrics: PrintedMetrics;
let builds = 0;
let events: Record<string, unknown>[];

beforeAll(async () => {
  faults = createFaults();
  world = await createWorld({ behave: behaveBy(faults) });
  builds += 1;
  await world.deploy();
});

afterAll(() => world.end());

beforeEach(() => {
  events = [];
  metrics = capturePrintedMetrics();
  world.scenario.disturb = (call, perform) => {
    if (call.operation === 'PutEvents') {
      const { Entries } = call.input as { Entries: { Detail: string }[] };
      const told = Entries.map(({ Detail }) => JSON.parse(Detail));
      events.push(...told.filter(({ status }) => status !== 'RUNNING'));
    }
    return perform();
  };
});

afterEach(() => {
  metrics.end();
  delete world.scenario.invoke;
  delete world.scenario.disturb;
});

/** Starts a deployment that is stopped while this state's function runs; `acted`: after it did its work. */
async function stopIn(state: string, { acted = false, rollsBack = false } = {}) {
  builds += 1;
  if (rollsBack) faults.containers.set(builds, crash);
  let executionArn = '';
  world.scenario.invoke = async (key, _, run) => {
    if (key !== functionOf(state)) return run();
    if (acted) await run();
    return world.call('states', 'StopExecution', { executionArn, error: 'Aborted', cause: 'by Ann' });
  };
  executionArn = await world.start();
  const end = await world.ended(executionArn);
  delete world.scenario.invoke;
  expect(end).toMatchObject({ status: 'ABORTED' });
  return { executionArn, record: await recordOf(world, executionArn) };
}

async function nextGoesLive(): Promise<void> {
  builds += 1;
  await world.simulation.time.pass(60);
  expect(await world.deploy()).toMatchObject({ message: '', status: 'SUCCEEDED' });
}

/** Delivers an event to execution-ended once more. */
async function handle(event: unknown): Promise<void> {
  const { handler } = await import('#functions/events/execution-ended.ts');
  const { Configuration } = await world.call('lambda', 'GetFunction', {
    FunctionName: 'landfall-dev-executionEnded',
  });
  const run = world.simulation.roles.as(Configuration.Role, (given, context) =>
    handler(given, context as Context),
  );
  await run(structuredClone(event), { getRemainingTimeInMillis: () => 30_000 });
}

const brokenSince = async () => ((await world.item()) as { brokenSince?: number }).brokenSince;

describe('a deployment that is stopped', () => {
  it.each(['ClaimService', 'RegisterTaskDefinition', 'AwaitMigration'])(
    'in %s leaves the service untouched, and counts as no failed change',
    async (state) => {
      const { record } = await stopIn(state);

      expect(record).toMatchObject({ status: 'ABORTED', error: 'Aborted', serviceOutcome: 'UNTOUCHED' });
      expect(record.message).toMatch(
        /^Somebody stopped the execution. Aborted by Ann\. The service was not touched/,
      );
      expect(record.message?.includes('Its migration goes on: task arn:')).toBe(state === 'AwaitMigration');
      expect(record.message).toMatch(new RegExp(`A redrive goes on from ${state}\\.$`));
      expect(events).toMatchObject([{ status: 'ABORTED', serviceOutcome: 'UNTOUCHED' }]);
      expect(metrics.valuesOf('Deployments', { status: 'ABORTED' })).toEqual([1]);
      expect(metrics.changes()).toEqual({ all: 0, failed: 0 });
      expect(await brokenSince()).toBeUndefined();
      await world.simulation.time.pass(60);
    },
  );

  it.each<[string, Parameters<typeof stopIn>[1], RegExp]>([
    [
      'UpdateService',
      {},
      /Not rolled back: the execution ended before it could be\. The last known good is /,
    ],
    ['UpdateService', { acted: true }, /Not rolled back: the execution ended before it could be\. The last/],
    ['AwaitRollout', {}, /Not rolled back: the execution ended before it could be\. ECS goes on with arn:/],
    ['CheckHealth', {}, /Not rolled back: the execution ended before it could be\. ECS goes on with arn:/],
    [
      'RollBackService',
      { rollsBack: true },
      /was interrupted in RollBackService\. ECS goes on with arn:.*, unless/,
    ],
    [
      'AwaitRollback',
      { rollsBack: true },
      /was interrupted in AwaitRollback\. ECS has been told to go back\./,
    ],
  ])(
    'in %s (%j) leaves the service changed, a failed change until the next release is live',
    async (state, how, sentence) => {
      const { record } = await stopIn(state, how);

      expect(record).toMatchObject({ status: 'ABORTED', serviceOutcome: 'CHANGED' });
      expect(record.message).toMatch(sentence);
      expect(record.message).toMatch(new RegExp(`A redrive goes on from ${state}\\.$`));
      expect(events).toMatchObject([{ status: 'ABORTED', serviceOutcome: 'CHANGED' }]);
      expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
      expect(await brokenSince()).toEqual(expect.any(Number));

      await nextGoesLive();

      expect(metrics.changes()).toEqual({ all: 2, failed: 1 });
      const [restored = 0, ...others] = metrics.valuesOf('TimeToRestore');
      expect(restored).toBeGreaterThan(60);
      expect(others).toEqual([]);
      expect(await brokenSince()).toBeUndefined();
    },
  );

  it('is set right by the next release that goes live, also where the answer of the write that says so is lost', async () => {
    await stopIn('AwaitRollout');
    const tell = world.scenario.disturb;
    let inside = false;
    let lost = 0;
    world.scenario.invoke = (key, _, run) => {
      inside = key === 'completeDeployment';
      return run();
    };
    world.scenario.disturb = async (call, perform) => {
      const answer = await (tell?.(call, perform) ?? perform());
      if (!inside || lost > 0 || !isItemCall(call, 'PutItem')) return answer;
      lost += 1;
      throw new ConnectionLost();
    };

    await nextGoesLive();

    expect(lost).toBe(1);
    expect(metrics.valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(await brokenSince()).toBeUndefined();
  });

  it('in CompleteDeployment leaves the release live, which is no failed change', async () => {
    const { record } = await stopIn('CompleteDeployment');

    expect(record).toMatchObject({ status: 'ABORTED', serviceOutcome: 'LIVE' });
    expect(record.message).toContain('The release is live: arn:');
    expect(metrics.changes()).toEqual({ all: 1, failed: 0 });
    expect(await brokenSince()).toBeUndefined();
    await nextGoesLive();
  });

  it('in HaltDeployment leaves what the way back had restored', async () => {
    const { record } = await stopIn('HaltDeployment', { rollsBack: true });

    expect(record).toMatchObject({ status: 'ABORTED', serviceOutcome: 'ROLLED_BACK' });
    expect(record.message).toContain('Rolled back: arn:');
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(metrics.valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
    expect(await brokenSince()).toBeUndefined();
  });

  /** Stops a deployment in its rollout; `onEnd` is how the event about its end is handled. */
  async function stopInRollout(onEnd: (event: unknown, run: () => Promise<unknown>) => Promise<unknown>) {
    builds += 1;
    const executionArn = await world.start();
    await world.reached(executionArn, 'AwaitRollout');
    world.scenario.invoke = (key, event, run) => (key === 'executionEnded' ? onEnd(event, run) : run());
    await world.stopExecution(executionArn);
    await world.ended(executionArn);
    delete world.scenario.invoke;
    return executionArn;
  }

  it('is told and counted once, however often the event about its end arrives', async () => {
    let event: unknown;
    await stopInRollout((ended, run) => {
      event = structuredClone(ended);
      return run();
    });
    await world.simulation.time.pass(1);
    await handle(event);
    expect(events).toHaveLength(1);
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(metrics.valuesOf('StateDuration', { state: 'AwaitRollout' })).toHaveLength(1);
    await nextGoesLive();
    const counted = metrics.all();

    await handle(event);

    expect(metrics.all()).toEqual(counted);
    expect(await brokenSince()).toBeUndefined();
  });

  it('is told and counted also where it has been re-driven before the event arrives', async () => {
    let event: unknown;
    const executionArn = await stopInRollout(async (ended) => {
      event = structuredClone(ended);
    });
    expect(await world.redrive(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    const record = await recordOf(world, executionArn);
    expect(record).toMatchObject({ status: 'SUCCEEDED', serviceOutcome: 'LIVE', redriveCount: 1 });

    await handle(event);
    await handle(event);

    expect(events.map(({ status, serviceOutcome }) => [status, serviceOutcome])).toEqual([
      ['SUCCEEDED', 'LIVE'],
      ['ABORTED', 'CHANGED'],
    ]);
    expect(metrics.valuesOf('Deployments', { status: 'ABORTED' })).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(metrics.valuesOf('StateDuration', { state: 'ClaimService' })).toHaveLength(1);
    expect(metrics.valuesOf('Duration')).toHaveLength(2);
    expect(await brokenSince()).toBeUndefined();
    const { status, serviceOutcome, redriveCount, steps, runs } = await recordOf(world, executionArn);
    expect({ status, serviceOutcome, redriveCount, steps }).toEqual({
      status: 'SUCCEEDED',
      serviceOutcome: 'LIVE',
      redriveCount: 1,
      steps: record.steps,
    });
    expect(runs).toMatchObject([{ redriveCount: 0, status: 'ABORTED', serviceOutcome: 'CHANGED' }]);
    expect(runs?.[0]?.message).toContain('A redrive goes on from AwaitRollout.');
    expect(runs?.[0]?.endedAt).toBeLessThanOrEqual(Number(record.redrivenAt));
  });

  it('is told and counted once where the event is handled while the next run opens the record', async () => {
    let event: unknown;
    const executionArn = await stopInRollout(async (ended) => {
      event = structuredClone(ended);
    });
    const tell = world.scenario.disturb;
    world.scenario.disturb = async (call, perform) => {
      const answer = await (tell?.(call, perform) ?? perform());
      const { sk } = (call.input.Key ?? {}) as { sk?: { S: string } };
      if (call.operation !== 'GetItem' || !sk?.S.startsWith('DEPLOYMENT#')) return answer;
      world.scenario.disturb = tell;
      await handle(event);
      return answer;
    };

    expect(await world.redrive(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await handle(event);

    const { resultsCounted, stepsCounted, runs } = await recordOf(world, executionArn);
    expect([resultsCounted, stepsCounted]).toEqual([new Set([0, 1]), new Set([0, 1])]);
    expect(runs).toMatchObject([{ redriveCount: 0, status: 'ABORTED', serviceOutcome: 'CHANGED' }]);
    expect(events.map(({ status }) => status)).toEqual(['ABORTED', 'SUCCEEDED']);
    expect(metrics.valuesOf('Deployments', { status: 'ABORTED' })).toEqual([1]);
    expect(metrics.valuesOf('StateDuration', { state: 'ClaimService' })).toHaveLength(1);
  });
});

describe('an end whose history cannot be read', () => {
  it('frees the claim at once, and is told and counted when it can', async () => {
    builds += 1;
    const executionArn = await world.start();
    await world.reached(executionArn, 'AwaitRollout');
    const tell = world.scenario.disturb;
    let refused = 0;
    world.scenario.disturb = async (call, perform) => {
      if (call.operation !== 'GetExecutionHistory' || !call.input.reverseOrder)
        return tell?.(call, perform) ?? perform();
      refused += 1;
      throw new AwsError('InternalServerError', 'Not now.', { httpStatus: 500 });
    };

    await world.stopExecution(executionArn);
    await world.simulation.time.pass(30);

    expect(refused).toBeGreaterThan(0);
    expect((await world.item()).claim).toBeUndefined();
    const provisional = await recordOf(world, executionArn);
    expect(provisional).toMatchObject({ status: 'ABORTED', provisional: true });
    expect(provisional).not.toHaveProperty('serviceOutcome');
    expect(provisional.message).toContain('What ECS was told to do goes on');
    expect(events).toEqual([]);

    world.scenario.disturb = tell;
    await world.simulation.time.pass(300);

    const record = await recordOf(world, executionArn);
    expect(record).toMatchObject({ status: 'ABORTED', serviceOutcome: 'CHANGED' });
    expect(record).not.toHaveProperty('provisional');
    expect(events).toMatchObject([{ status: 'ABORTED', serviceOutcome: 'CHANGED' }]);
    expect(metrics.valuesOf('Deployments', { status: 'ABORTED' })).toEqual([1]);
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    expect(await brokenSince()).toEqual(expect.any(Number));
    await nextGoesLive();
  });
});

describe('the end of a deployment that was told by the machine', () => {
  it('is not told again of a record that is gone', async () => {
    builds += 1;
    let event: unknown;
    world.scenario.invoke = async (key, received, run) => {
      if (key !== 'executionEnded') return run();
      event = structuredClone(received);
    };
    const { executionArn, ...end } = await world.deploy();
    await world.simulation.time.pass(1);
    expect(end).toMatchObject({ status: 'SUCCEEDED' });
    expect(events).toMatchObject([{ status: 'SUCCEEDED' }]);
    await world.call('dynamodb', 'DeleteItem', {
      TableName: 'landfall-dev',
      Key: { pk: { S: 'SERVICE#webapp' }, sk: { S: `DEPLOYMENT#${executionArn.split(':').at(-1)}` } },
    });

    await handle(event);

    expect(events).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(metrics.valuesOf('Deployments', { status: 'SUCCEEDED' })).toEqual([1]);
    expect(metrics.valuesOf('Deployments', { status: 'SUPERSEDED' })).toEqual([]);
  });
});

describe('a deployment that times out', () => {
  it('in its rollout leaves the service changed', async () => {
    const [{ stateMachineArn }] = (await world.call('states', 'ListStateMachines', {})).stateMachines;
    const { definition } = await world.call('states', 'DescribeStateMachine', { stateMachineArn });
    const timingOut = { ...JSON.parse(definition), TimeoutSeconds: 150 };
    await world.call('states', 'UpdateStateMachine', {
      stateMachineArn,
      definition: JSON.stringify(timingOut),
    });
    builds += 1;
    faults.containers.set(builds, crash);

    const end = await world.deploy({
      settings: (settings) => ({ ...settings, rollout: { ...settings.rollout, crashes: 100 } }),
    });

    expect(end).toMatchObject({ status: 'TIMED_OUT' });
    const record = await recordOf(world, end.executionArn);
    expect(record).toMatchObject({ status: 'TIMED_OUT', serviceOutcome: 'CHANGED' });
    expect(record.message).toMatch(
      /^The execution ran into its timeout\. Not rolled back: the execution ended before/,
    );
    expect(metrics.changes()).toEqual({ all: 1, failed: 1 });
    await world.call('states', 'UpdateStateMachine', { stateMachineArn, definition });
    await nextGoesLive();
    expect(metrics.valuesOf('TimeToRestore')).toEqual([expect.any(Number)]);
  });
});
