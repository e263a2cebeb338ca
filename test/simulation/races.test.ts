import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { StateInput } from '#lib/deployment/document.ts';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from './harness.ts';
import { expectNobody, nameOf } from './queue.ts';
import { crash, recordOf } from './runs.ts';

/**
 * A call that changes the world is held on its way, and meanwhile the deployment that made it ends: it is aborted, its
 * function times out or crashes, or somebody else finds it dead. A second deployment is pushed at that moment.
 */

let world: World;

afterEach(() => world.end());

/** The deployment in whose function a call is made. */
const caller = new AsyncLocalStorage<string>();

interface Change {
  call: string;
  /** Who made it, and who held the claim, when it landed. */
  by: string | undefined;
  holder: string | undefined;
}

const CHANGES = ['RegisterTaskDefinition', 'RunTask', 'UpdateService', 'CreateService'];

type Ending = 'aborted' | 'timed out' | 'crashed' | 'found dead by the next';

interface Race {
  state: 'RegisterTaskDefinition' | 'RunMigration' | 'UpdateService' | 'RollBackService';
  operation: string;
  /** No service runs yet. */
  isFirst?: boolean;
}

const races: Race[] = [
  { state: 'RegisterTaskDefinition', operation: 'RegisterTaskDefinition' },
  { state: 'RunMigration', operation: 'RunTask' },
  { state: 'UpdateService', operation: 'UpdateService' },
  { state: 'UpdateService', operation: 'CreateService', isFirst: true },
  { state: 'RollBackService', operation: 'UpdateService' },
];

async function play({ state, operation, isFirst }: Race, ending: Ending, seconds: number) {
  const changes: Change[] = [];
  let migrations = 0;
  let mostMigrations = 0;
  const held = Promise.withResolvers<void>();
  let isHeld = false;
  let first = '';

  world = await createWorld({
    behave: (spec) => {
      if (isMigration(spec)) return { ...wellBehaved(spec), exitAfterMilliseconds: 30_000 };
      return state === 'RollBackService' && releaseOf(spec) === 2 ? crash : wellBehaved(spec);
    },
  });
  if (!isFirst) await world.deploy({ build: 1 });

  world.scenario.deliver = (event, deliver) =>
    ending === 'found dead by the next' && event.source === 'aws.states' ? undefined : deliver(event);
  world.scenario.invoke = (key, event, run) => {
    const { document } = event as StateInput;
    const isRaced = document?.deployment === nameOf(first) && !isHeld;
    return caller.run(document?.deployment ?? key, async () => {
      if (!isRaced || key !== state.charAt(0).toLowerCase() + state.slice(1)) return run();
      const running = run();
      if (ending === 'timed out' || ending === 'crashed') {
        running.catch(() => undefined);
        await held.promise;
        if (ending === 'crashed')
          throw Object.assign(new Error('Runtime exited with error: signal: killed'), {
            name: 'Runtime.ExitError',
          });
        return new Promise(() => undefined);
      }
      return running;
    });
  };
  world.scenario.disturb = async (call: DisturbedCall, perform) => {
    if (!CHANGES.includes(call.operation)) return perform();
    const by = caller.getStore();
    if (!isHeld && call.operation === operation && by === nameOf(first)) {
      isHeld = true;
      held.resolve();
      await world.simulation.hold(seconds);
    }
    const answer = await perform();
    changes.push({ call: call.operation, by, holder: (await world.item()).claim?.deployment });
    if (call.operation === 'RunTask') {
      const running = (await world.migrations()).filter(({ lastStatus }) => lastStatus !== 'STOPPED').length;
      migrations += 1;
      mostMigrations = Math.max(mostMigrations, running);
    }
    return answer;
  };

  first = await world.start({ build: 2 });
  await world.simulation.time.until('the call that is held', async () => isHeld);
  if (ending === 'aborted' || ending === 'found dead by the next') await world.stopExecution(first);
  const second = await world.start({ build: 3 });
  const end = await world.ended(second);
  // Whatever is still on its way lands by then.
  await world.simulation.time.pass(120);
  return { changes, mostMigrations, migrations, first, second, end };
}

const cases = races.flatMap((race) =>
  (['aborted', 'timed out', 'crashed', 'found dead by the next'] as const).flatMap((ending) =>
    [1, 5, 20, 50].map((seconds) => [race.state, race.operation, ending, seconds, race] as const),
  ),
);

describe('a call held on its way', () => {
  it.each(cases)(
    'in %s: %s, of a deployment that is %s, for %d s changes nothing that is not its own any more',
    async (_, __, ending, seconds, race) => {
      const { changes, mostMigrations, second, end, first } = await play(race, ending, seconds);

      expect(end).toMatchObject({ status: 'SUCCEEDED', message: '' });
      expect(changes.filter(({ by, holder }) => holder !== undefined && by !== holder)).toEqual([]);
      // Not one of the first deployment's calls lands after one of the second's.
      const [one, other] = [first, second].map(nameOf);
      const inOrder = changes.filter(({ by }) => by === one || by === other).map(({ by }) => by);
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => Number(a === other) - Number(b === other)));
      expect(mostMigrations).toBeLessThanOrEqual(1);
      const record = await recordOf(world, second);
      expect(record).toMatchObject({ status: 'SUCCEEDED', serviceOutcome: 'LIVE' });
      expect((await world.ecsService())?.taskDefinition).toBe(record.taskDefinition);
      expect((await recordOf(world, first)).status).not.toBe('RUNNING');
      await expectNobody(world);
    },
  );
});
