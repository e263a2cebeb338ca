import { beforeAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '#sandbox/core/errors.ts';
import {
  brief,
  calmPath,
  halted,
  pathFrom,
  pathTo,
  rollbackRefused,
  rolledBack,
  wayBack,
} from '#test/support/paths.ts';
import { functionOf, taskStates } from '#test/support/wiring.ts';
import type { Ended, ReleaseOptions } from './harness.ts';
import { changed, useRedrives } from './redrives.ts';
import { crash, listen, recordOf } from './runs.ts';

describe('a redrive of an execution that did not reach its end', () => {
  const redrives = useRedrives();
  const { faults, next, start, deploy, well, expectLive, expectHalted } = redrives;

  type Break = (run: () => Promise<unknown>) => Promise<unknown>;

  /** Breaks in, once, while the execution is in this state; `act` stands around the state's function. */
  function interrupt(state: string, act: Break): void {
    if (wayBack.includes(state)) faults.containers.set(next(), crash);
    breakIn(state, act);
  }

  function breakIn(state: string, act: Break): void {
    let isDone = false;
    redrives.world.scenario.invoke = async (key, _, run) => {
      if (isDone || key !== functionOf(state)) return run();
      isDone = true;
      return act(run);
    };
  }

  /** The path of a run that was interrupted in this state, and goes on in it until it is live. */
  const pathOn = (state: string): string[] => {
    // Two healthy looks in a row: the one that was interrupted does not count.
    if (state === 'CheckHealth') return pathFrom(state);
    if (!wayBack.includes(state)) return pathFrom(state).slice(1);
    return [...wayBack.slice(wayBack.indexOf(state) + 1), ...calmPath({ resume: 'UpdateService' })];
  };

  /** The path of a run that goes on in this state and fails there. */
  const haltedFrom = (state: string): string[] => {
    if (wayBack.includes(state)) return state === 'HaltDeployment' ? [] : ['HaltDeployment'];
    return ['UpdateService', 'AwaitRollout', 'CheckHealth'].includes(state) ? rolledBack : halted;
  };

  it.each(taskStates)(
    'stopped in %s, and then failed by a bug in it, goes on there and ends well',
    async (state) => {
      const told = listen(redrives.world);
      let executionArn = '';
      interrupt(state, async (run) => {
        await run().catch(() => undefined);
        await redrives.world.call('states', 'StopExecution', { executionArn });
      });
      executionArn = await start();

      const stopped = await redrives.world.ended(executionArn);

      expect(stopped).toMatchObject({ status: 'ABORTED' });
      expect(stopped.path.at(-1)).toBe(state);
      expect((await redrives.world.item()).claim).toBeUndefined();
      // HaltDeployment and CompleteDeployment had closed the record themselves, and told people.
      const own = { HaltDeployment: 'FAILED', CompleteDeployment: 'SUCCEEDED' }[state] ?? 'ABORTED';
      expect(await recordOf(redrives.world, executionArn)).toMatchObject({ status: own, redriveCount: 0 });
      expect(told).toEqual([expect.stringContaining(own)]);

      breakIn(state, async () => {
        throw new TypeError("Cannot read properties of undefined (reading 'x')");
      });
      const broken = await redrives.world.redrive(executionArn);
      expect(brief(broken.path)).toEqual(haltedFrom(state));
      const error = ['RollBackService', 'AwaitRollback'].includes(state) ? 'RollbackFailed' : 'TypeError';
      await expectBroken(broken, error);
      expect(told.slice(1)).toEqual([`webapp: FAILED ${error}`]);

      well();
      await expectLive(await redrives.world.redrive(executionArn), 2);
    },
  );

  it.each(['AwaitMigration', 'AwaitRollout', 'CheckHealth', 'AwaitRollback'])(
    'stopped in %s has the whole time again, however late it is',
    async (state) => {
      let executionArn = '';
      interrupt(state, () => redrives.world.call('states', 'StopExecution', { executionArn }));
      executionArn = await start();
      await redrives.world.ended(executionArn);
      well();
      await redrives.world.simulation.time.leap(1_200);

      const end = await redrives.world.redrive(executionArn);

      expect(brief(end.path)).toEqual(pathOn(state));
      await expectLive(end, 1);
    },
  );

  /** Where HaltDeployment itself broke, the end is told by execution-ended. */
  async function expectBroken(end: Ended, error: string): Promise<void> {
    expect(end).toMatchObject({ status: 'FAILED', error });
    expect((await redrives.world.item()).claim).toBeUndefined();
    expect(await recordOf(redrives.world, end.executionArn)).toMatchObject({
      status: 'FAILED',
      error,
      redriveCount: 1,
      endedAt: expect.any(Number),
    });
  }

  it('stopped before the function had acted goes on as well, and holds claim and record while it does', async () => {
    let executionArn = '';
    interrupt('AwaitRollout', () => redrives.world.call('states', 'StopExecution', { executionArn }));
    executionArn = await start();
    await redrives.world.ended(executionArn);
    let held: unknown;
    redrives.world.scenario.invoke = async (key, _, run) => {
      const result = await run();
      if (key === 'awaitRollout')
        held ??= [(await redrives.world.item()).claim, await recordOf(redrives.world, executionArn)];
      return result;
    };

    const end = await redrives.world.redrive(executionArn);

    expect(held).toMatchObject([
      { owner: executionArn, redriveCount: 1 },
      { status: 'RUNNING', redriveCount: 1 },
    ]);
    await expectLive(end, 1);
  });

  it('whose way back fails in the redrive is no redrive of the deployment: it ends as RollbackFailed', async () => {
    let executionArn = '';
    interrupt('AwaitRollback', () => redrives.world.call('states', 'StopExecution', { executionArn }));
    executionArn = await start();
    await redrives.world.ended(executionArn);
    for (let build = 1; build < next(); build += 1) faults.containers.set(build, crash);
    await redrives.world.simulation.time.pass(1);
    const { taskArns } = await redrives.world.call('ecs', 'ListTasks', { cluster: 'ecs-cluster' });
    for (const task of taskArns)
      await redrives.world.call('ecs', 'StopTask', { cluster: 'ecs-cluster', task });

    const failed = await redrives.world.redrive(executionArn);

    expect(failed.path).toEqual(['HaltDeployment']);
    await expectHalted(failed, 'RollbackFailed', 1);
    well();
    const end = await redrives.world.redrive(executionArn);
    expect(brief(end.path)).toEqual(calmPath({ resume: 'UpdateService' }));
    await expectLive(end, 2);
  });

  it('in which HaltDeployment is retried by the machine is told once, and not taken for a redrive', async () => {
    const told = listen(redrives.world);
    interrupt('HaltDeployment', async (run) => {
      await run().catch(() => undefined);
      throw Object.assign(new Error('The answer was lost'), { name: 'Lambda.ServiceException' });
    });

    const failed = await deploy();

    expect(failed.path.filter((state) => state === 'HaltDeployment')).toHaveLength(1);
    await expectHalted(failed, 'RolloutCrashLoop', 0);
    expect(told).toEqual(['webapp: FAILED RolloutCrashLoop']);
  });

  it('fails twice in one redriven run, the second time on the way back: RollbackFailed', async () => {
    faults.containers.set(next(), crash);
    const first = await deploy();
    await expectHalted(first, 'RolloutCrashLoop', 0);
    let updates = 0;
    redrives.world.scenario.disturb = async (call, perform) => {
      if (call.operation !== 'UpdateService') return perform();
      updates += 1;
      if (updates === 1) return perform();
      throw new AwsError('InvalidParameterException', 'Not now.');
    };

    const second = await redrives.world.redrive(first.executionArn);

    expect(second.path).toEqual([...pathTo('AwaitRollout', { resume: 'UpdateService' }), ...rollbackRefused]);
    await expectHalted(second, 'RollbackFailed', 1);
    well();
    await expectLive(await redrives.world.redrive(first.executionArn), 2);
  });
});

describe('a redrive of an execution that timed out', () => {
  const redrives = useRedrives();
  const { faults, next, deploy, well, expectLive } = redrives;

  /** Executions that start from now on have 150 seconds instead of a day. */
  beforeAll(async () => {
    const { stateMachines } = await redrives.world.call('states', 'ListStateMachines', {});
    const [{ stateMachineArn }] = stateMachines;
    const { definition } = await redrives.world.call('states', 'DescribeStateMachine', { stateMachineArn });
    await redrives.world.call('states', 'UpdateStateMachine', {
      stateMachineArn,
      definition: JSON.stringify({ ...JSON.parse(definition), TimeoutSeconds: 150 }),
    });
  });

  it.each<[string, () => ReleaseOptions]>([
    [
      'AwaitMigration',
      () => {
        faults.migrations.set(next(), { exitAfterMilliseconds: 200_000, exitCode: 0 });
        return {};
      },
    ],
    [
      'AwaitRollout',
      () => {
        faults.containers.set(next(), crash);
        return changed(({ rollout }) => ({ rollout: { ...rollout, crashes: 100 } }));
      },
    ],
  ])('in %s goes on there and ends well', async (state, slow) => {
    const told = listen(redrives.world);

    const timedOut = await deploy(slow());

    expect(timedOut).toMatchObject({ status: 'TIMED_OUT' });
    expect(timedOut.path.at(-1)).toBe(state);
    expect((await redrives.world.item()).claim).toBeUndefined();
    expect(await recordOf(redrives.world, timedOut.executionArn)).toMatchObject({
      status: 'TIMED_OUT',
      redriveCount: 0,
    });
    expect(told).toEqual(['webapp: TIMED_OUT']);
    well();
    const end = await redrives.world.redrive(timedOut.executionArn);
    expect(brief(end.path)).toEqual(pathFrom(state).slice(1));
    await expectLive(end, 1);
  });
});
