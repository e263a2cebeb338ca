import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AwsEvent } from '#sandbox/core/service.ts';
import { brief, pathTo, rolledBack } from '#test/support/paths.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { secondsIn } from './history.ts';
import { crashing } from './runs.ts';

/**
 * Events are hints: whatever becomes of them, every wait ends as it would have ended with them, at most about a minute
 * later.
 */
let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.end());

type Deliver = NonNullable<World['scenario']['deliver']>;

const CLUSTER = 'ecs-cluster';
const isEcs = (event: AwsEvent) => event.source === 'aws.ecs';

const lost: Deliver = (event, on) => {
  if (!isEcs(event)) on(event);
};
const doubled: Deliver = (event, on) => {
  on(event);
  on(event);
};
const late =
  (seconds: number): Deliver =>
  (event, on) => {
    if (isEcs(event)) setTimeout(() => on(event), seconds * 1000);
    else on(event);
  };
/** Each event overtakes the one before it; the last of a burst comes by itself, two seconds late. */
function reordered(): Deliver {
  let held: (() => void) | undefined;
  return (event, on) => {
    const before = held;
    let gone = false;
    held = () => {
      if (!gone) on(event);
      gone = true;
    };
    if (before === undefined) setTimeout(held, 2_000);
    else {
      held();
      before();
      held = undefined;
    }
  };
}

/** A second release that crashes at its start, after a good first one: its deployment waits in all three ECS waits. */
async function failedRelease() {
  await world.deploy();
  const live = (await world.ecsService())?.taskDefinition;
  world.scenario.behave = crashing(2);
  const end = await world.deploy();
  return { end, live };
}

const FAILED_AND_BACK = [...pathTo('AwaitRollout'), ...rolledBack];

describe('the waits for migration, rollout and rollback', () => {
  it.each<[string, () => Deliver]>([
    ['lost', () => lost],
    ['doubled', () => doubled],
    ['ten seconds late', () => late(10)],
    ['so late that the state has moved on', () => late(100)],
    ['out of order', reordered],
  ])('end the same way with every event %s', async (_, deliver) => {
    world.scenario.deliver = deliver();

    const { end, live } = await failedRelease();

    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutCrashLoop', path: FAILED_AND_BACK });
    expect(end.message).toContain('Rolled back');
    expect((await world.ecsService())?.taskDefinition).toBe(live);
    expect((await world.item()).claim).toBeUndefined();
    // The heartbeat and the next look, beside what ECS itself takes (three crashes, a rollout of its own).
    expect(secondsIn(end, 'AwaitMigration')).toBeLessThan(65);
    expect(secondsIn(end, 'AwaitRollout')).toBeLessThan(130);
    expect(secondsIn(end, 'AwaitRollback')).toBeLessThan(130);
  });

  it('end within seconds of the event where it comes', async () => {
    const { end } = await failedRelease();

    expect(secondsIn(end, 'AwaitMigration')).toBeLessThan(8);
    expect(secondsIn(end, 'AwaitRollout')).toBeLessThan(60);
  });

  it('cost a minute more, no deployment, when every event is lost', async () => {
    const prompt = await world.deploy();
    await world.end();
    world = await createWorld({ deliver: lost });

    const slow = await world.deploy();

    expect(slow).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(brief(slow.path)).toEqual(brief(prompt.path));
    for (const state of ['AwaitMigration', 'AwaitRollout']) {
      const more = secondsIn(slow, state) - secondsIn(prompt, state);
      expect(more).toBeGreaterThan(0);
      expect(more).toBeLessThan(65);
    }
  });

  it('of a deployment are not misled by the events of the one before it', async () => {
    const held: (() => void)[] = [];
    world.scenario.deliver = (event, on) => {
      if (isEcs(event)) held.push(() => on(event));
      else on(event);
    };
    await world.deploy();
    world.scenario.deliver = undefined;
    const second = await world.start();
    for (const state of ['AwaitMigration', 'AwaitRollout']) {
      await world.reached(second, state);
      for (const deliver of held) deliver();
      await world.simulation.time.settle();
    }

    const end = await world.ended(second);

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect((await world.ecsService())?.taskDefinition).toMatch(/:2$/);
  });
});

/** Stops what the wait waits for, or puts another deployment on top: decided at once, without time passing. */
const strikes = {
  async AwaitMigration() {
    const { taskArns } = await world.call('ecs', 'ListTasks', { cluster: CLUSTER, family: 'webapp' });
    const { tasks } = await world.call('ecs', 'DescribeTasks', { cluster: CLUSTER, tasks: taskArns });
    const task = tasks.find((each: { startedBy?: string }) => each.startedBy?.startsWith('landfall/'));
    await world.call('ecs', 'StopTask', { cluster: CLUSTER, task: task.taskArn, reason: 'Struck' });
  },
  async AwaitRollout() {
    await world.call('ecs', 'UpdateService', {
      cluster: CLUSTER,
      service: 'webapp-service',
      forceNewDeployment: true,
    });
    // As ECS tells it with the scheduler's next look, which needs time to pass.
    world.simulation.services.events.putEvent({
      source: 'aws.ecs',
      'detail-type': 'ECS Deployment State Change',
      resources: [`arn:aws:ecs:us-east-1:000000000000:service/${CLUSTER}/webapp-service`],
      detail: { eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS' },
    });
  },
};

describe('an event that comes', () => {
  const WAITS = [
    ['AwaitMigration', 'awaitMigration', 'DescribeTasks', 'MigrationNotStarted'],
    ['AwaitRollout', 'awaitRollout', 'DescribeServices', 'RolloutReplaced'],
    ['AwaitRollback', 'awaitRollback', 'DescribeServices', 'RollbackFailed'],
  ] as const;

  /** Strikes once, when the given call of the given state's function is made, and until the event has been handled. */
  async function strikeAt(
    functionKey: string,
    operation: string,
    when: 'before' | 'after',
    strike: () => Promise<void>,
  ) {
    let current = '';
    let handled = Promise.withResolvers<void>();
    let struck = false;
    world.scenario.invoke = async (key, _, run) => {
      if (key === 'ecsChanged') return run().finally(() => handled.resolve());
      current = key;
      return run();
    };
    world.scenario.disturb = async (call, perform) => {
      const isWait = call.operation !== 'PutItem' || JSON.stringify(call.input).includes('WAIT#');
      if (struck || current !== functionKey || call.operation !== operation || !isWait) return perform();
      struck = true;
      // What the handler is answered is older than the event.
      const answer = when === 'after' ? await perform() : undefined;
      handled = Promise.withResolvers<void>();
      await strike();
      await handled.promise;
      return when === 'after' ? answer : perform();
    };
    return () => struck;
  }

  async function struckDeployment(state: (typeof WAITS)[number][0]) {
    if (state === 'AwaitRollback') return (await failedRelease()).end;
    await world.deploy();
    return world.deploy();
  }

  it.each(WAITS)(
    'between the put of %s and the answer to its look is not lost',
    async (state, key, look, error) => {
      const strike = state === 'AwaitMigration' ? strikes.AwaitMigration : strikes.AwaitRollout;
      if (state !== 'AwaitRollback') await world.deploy();
      const struck = await strikeAt(key, look, 'after', strike);

      const end = state === 'AwaitRollback' ? await struckDeployment(state) : await world.deploy();

      expect(struck()).toBe(true);
      expect(end).toMatchObject({ status: 'FAILED', error });
      // No heartbeat was needed.
      expect(secondsIn(end, state)).toBeLessThan(10);
    },
  );

  it.each(WAITS)('before the put of %s is seen by its look', async (state, key, _, error) => {
    const strike = state === 'AwaitMigration' ? strikes.AwaitMigration : strikes.AwaitRollout;
    if (state !== 'AwaitRollback') await world.deploy();
    const struck = await strikeAt(key, 'PutItem', 'before', strike);

    const end = state === 'AwaitRollback' ? await struckDeployment(state) : await world.deploy();

    expect(struck()).toBe(true);
    expect(end).toMatchObject({ status: 'FAILED', error });
    expect(secondsIn(end, state)).toBeLessThan(10);
  });
});

describe("the wait for another deployment's end", () => {
  const isStates = (event: AwsEvent) => event.source === 'aws.states';

  /** Two deployments, the first in AwaitMigration, the second behind it. */
  async function queued() {
    world.scenario.behave = (spec) =>
      isMigration(spec) && releaseOf(spec) === 1 ? { exitAfterMilliseconds: 300_000 } : wellBehaved(spec);
    const first = await world.start();
    await world.reached(first, 'AwaitMigration');
    const second = await world.start();
    await world.simulation.time.until('the waiter', async () => (await world.item()).waiter !== undefined);
    return { first, second };
  }

  it.each<[string, Deliver, number]>([
    ['lost', (event, on) => (isStates(event) ? undefined : on(event)), 65],
    ['doubled', doubled, 5],
    ['late', (event, on) => void (isStates(event) ? setTimeout(() => on(event), 90_000) : on(event)), 65],
  ])('ends though the holder died and the event about it is %s', async (_, deliver, seconds) => {
    const { first, second } = await queued();
    world.scenario.deliver = deliver;
    const died = world.simulation.time.now();
    await world.stopExecution(first);

    await world.reached(second, 'RunMigration');
    expect((world.simulation.time.now() - died) / 1000).toBeLessThan(seconds);
    const end = await world.ended(second);

    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    await world.simulation.time.pass(100);
    expect((await world.item()).claim).toBeUndefined();
  });

  it('ends at once when the holder dies between its place in the queue and its look at the holder', async () => {
    const { promise: freed, resolve } = Promise.withResolvers<void>();
    world.scenario.invoke = async (key, _, run) =>
      key === 'executionEnded' ? run().finally(() => resolve()) : run();
    world.scenario.behave = (spec) =>
      isMigration(spec) && releaseOf(spec) === 1 ? { exitAfterMilliseconds: 300_000 } : wellBehaved(spec);
    const first = await world.start();
    await world.reached(first, 'AwaitMigration');
    let struck = false;
    world.scenario.disturb = async ({ operation }, perform) => {
      const answer = await perform();
      if (operation !== 'DescribeExecution' || struck) return answer;
      struck = true;
      await world.call('states', 'StopExecution', { executionArn: first });
      await freed;
      return answer;
    };

    const end = await world.deploy();

    expect(struck).toBe(true);
    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    const claimed = end.events.findIndex((event) => event.stateExitedEventDetails?.name === 'ClaimService');
    expect(secondsIn({ events: end.events.slice(0, claimed + 1) }, 'ClaimService')).toBeLessThan(5);
  });
});

describe('hints that storm', () => {
  /** What an event about a stopped task of the service looks like; which one does not matter to the wait. */
  const stopped = (number: number) => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    resources: [`arn:aws:ecs:us-east-1:000000000000:task/${CLUSTER}/${number}`],
    detail: {
      taskArn: `arn:aws:ecs:us-east-1:000000000000:task/${CLUSTER}/${number}`,
      clusterArn: `arn:aws:ecs:us-east-1:000000000000:cluster/${CLUSTER}`,
      group: 'service:webapp-service',
      lastStatus: 'STOPPED',
    },
  });

  const countLooks = () => {
    const looks = { count: 0 };
    world.scenario.disturb = (call, perform) => {
      if (call.operation === 'DescribeServices') looks.count += 1;
      return perform();
    };
    return looks;
  };

  it('cost no more than two looks where a hundred tasks stop at once', async () => {
    const arn = await world.start();
    await world.reached(arn, 'AwaitRollout');
    const looks = countLooks();

    for (let number = 0; number < 100; number += 1)
      world.simulation.services.events.putEvent(stopped(number));
    await world.simulation.time.pass(4);

    // One at once and, for those that came after it had begun, one three seconds later.
    expect(looks.count).toBeGreaterThanOrEqual(1);
    expect(looks.count).toBeLessThanOrEqual(2);
  });

  it('cost a look each three seconds while they go on, and the verdict comes within seconds all the same', async () => {
    const prompt = await world.deploy();
    const arn = await world.start();
    await world.reached(arn, 'AwaitRollout');
    const looks = countLooks();
    const began = world.simulation.time.now();
    let going = true;
    const storm = () => {
      if (!going) return;
      for (let number = 0; number < 10; number += 1)
        world.simulation.services.events.putEvent(stopped(number));
      setTimeout(storm, 1_000);
    };
    storm();
    await world.reached(arn, 'WaitForTargets').finally(() => {
      going = false;
    });
    const seconds = (world.simulation.time.now() - began) / 1000;
    world.scenario.disturb = undefined;

    expect(looks.count).toBeLessThanOrEqual(seconds / 3 + 3);
    const end = await world.ended(arn);
    expect(end).toMatchObject({ message: '', status: 'SUCCEEDED' });
    expect(secondsIn(end, 'AwaitRollout')).toBeLessThan(secondsIn(prompt, 'AwaitRollout') + 60);
  });
});
