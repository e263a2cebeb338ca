import { AsyncLocalStorage } from 'node:async_hooks';
import type { DisturbedCall } from '#sandbox/wire/front-door.ts';
import { createWorld, isMigration, releaseOf, type World, wellBehaved } from '../harness.ts';
import { type Disturbance, type Fault, nameOfCall } from './faults.ts';

/** One world in which fault after fault is put on one function, and what happened meanwhile is counted. */
export interface Lab {
  world: World;
  /** The releases whose containers crash. */
  broken: Set<number>;
  /** Since the last `arm` or `calm`. */
  seen: Seen;
  /** The migration tasks that ECS started, by deployment. */
  migrations: Map<string, Set<string>>;
  /** From now on this fault is on the function, and on what events make of its wait. */
  arm(functionKey: string, fault: Fault): void;
  calm(): void;
  end(): Promise<void>;
}

interface Seen {
  /** How often the fault struck. */
  hits: number;
  /** Calls that were performed and changed the service, by any function. */
  updates: number;
  /** How often people were told. */
  told: number;
  /** The names of the calls of each function. */
  calls: Map<string, Set<string>>;
}

/** ecs-changed looks for the waiting states, with their own code. */
const LOOKS = 'ecsChanged';

const nothingSeen = (): Seen => ({ hits: 0, updates: 0, told: 0, calls: new Map() });

export async function createLab(): Promise<Lab> {
  const functionOf = new AsyncLocalStorage<string>();
  let armed: (Disturbance & { functionKey: string }) | undefined;

  const disturbanceOf = (functionKey: string | undefined) =>
    armed !== undefined && functionKey === armed.functionKey ? armed : undefined;

  function note(functionKey: string, call: DisturbedCall): void {
    const calls = lab.seen.calls.get(functionKey) ?? new Set();
    lab.seen.calls.set(functionKey, calls.add(nameOfCall(call)));
  }

  function notePerformed({ service, operation, input }: DisturbedCall, answer: unknown): void {
    if (operation === 'RunTask') {
      // The attempt in front of it rises only after a failed one.
      const deployment = String(input.clientToken).replace(/^m\d+-/, '');
      const tasks = lab.migrations.get(deployment) ?? new Set();
      for (const { taskArn } of (answer as { tasks: { taskArn: string }[] }).tasks) tasks.add(taskArn);
      lab.migrations.set(deployment, tasks);
    }
    if (service === 'ecs' && /^(Update|Create)Service$/.test(operation)) lab.seen.updates += 1;
    if (service === 'sns') lab.seen.told += 1;
  }

  const world = await createWorld({
    behave: (spec) => {
      const release = releaseOf(spec);
      if (!isMigration(spec) && lab.broken.has(release)) return { exitAfterMilliseconds: 500, exitCode: 1 };
      return wellBehaved(spec);
    },
    invoke: (functionKey, event, run) =>
      functionOf.run(functionKey, async () => {
        const { execution } = event as { execution?: { arn: string } };
        const stop = () => world.call('states', 'StopExecution', { executionArn: execution?.arn });
        return disturbanceOf(functionKey)?.invoke?.(run, stop) ?? run();
      }),
    disturb: async (call, perform) => {
      const functionKey = functionOf.getStore() ?? '';
      note(functionKey, call);
      const performed = async () => {
        const answer = await perform();
        notePerformed(call, answer);
        return answer;
      };
      const owner =
        functionKey === LOOKS && armed?.functionKey.startsWith('await') ? armed.functionKey : functionKey;
      return disturbanceOf(owner)?.call?.(call, performed) ?? performed();
    },
    deliver: (event, on) => {
      if (event.source === 'aws.ecs' && armed?.losesEvents) return;
      on(event);
    },
  });

  const lab: Lab = {
    world,
    broken: new Set(),
    seen: nothingSeen(),
    migrations: new Map(),
    arm(functionKey, fault) {
      lab.seen = nothingSeen();
      const { seen } = lab;
      armed = {
        functionKey,
        ...fault.arm(() => {
          seen.hits += 1;
        }),
      };
    },
    calm() {
      armed = undefined;
      lab.seen = nothingSeen();
    },
    end: world.end,
  };
  return lab;
}
