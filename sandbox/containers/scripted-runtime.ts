import { type Clock, sleep } from '#sandbox/core/clock.ts';
import {
  type ContainerExit,
  type ContainerHandle,
  type ContainerRuntime,
  type ContainerSpec,
  ContainerStartError,
} from './runtime.ts';

/** What a container of a simulation does. An empty one runs until it is stopped and ends with 143. */
export interface Behaviour {
  /** The program cannot be started, with this message. */
  startError?: string;
  /** Ends by itself after this time; absent: runs until it is stopped. */
  exitAfterMilliseconds?: number;
  exitCode?: number;
  outOfMemory?: boolean;
  output?: string[];
  /** What it exits with on the stop signal: 0 where the program ends gracefully; default 143. */
  stopExitCode?: number;
  /** Does nothing on the stop signal: it takes SIGKILL after the grace period. */
  ignoresStopSignal?: boolean;
  /** Time between the stop signal and the end. */
  stopMilliseconds?: number;
  /** Answers of the container's health check command, by the container's age. */
  healthy?: (ageMilliseconds: number) => boolean;
}

/** Containers that only behave: no process, no port, all time on the given clock. */
export function createScriptedRuntime(
  clock: Clock,
  behave: (spec: ContainerSpec) => Behaviour,
): ContainerRuntime & { running(): ContainerSpec[] } {
  const running = new Map<ContainerSpec, (exit: ContainerExit) => void>();
  let nextPort = 20_000;
  return {
    running: () => [...running.keys()],
    reservePort: async () => nextPort++,
    async start(spec) {
      const behaviour = behave(spec);
      if (behaviour.startError !== undefined) throw new ContainerStartError(behaviour.startError);
      const startedAt = clock.now();
      const { promise: exited, resolve } = Promise.withResolvers<ContainerExit>();
      const end = (exit: ContainerExit) => {
        running.delete(spec);
        resolve(exit);
      };
      running.set(spec, end);
      for (const line of behaviour.output ?? []) spec.onOutput(line);
      if (behaviour.exitAfterMilliseconds !== undefined) {
        clock.setTimeout(() => end(exitOf(behaviour)), behaviour.exitAfterMilliseconds);
      }
      const handle: ContainerHandle = {
        exited,
        stop: (grace) => stop(clock, behaviour, grace, end),
        exec: async () => ((behaviour.healthy?.(clock.now() - startedAt) ?? true) ? 0 : 1),
      };
      return handle;
    },
    async close() {
      for (const end of [...running.values()]) end({ exitCode: 137 });
    },
  };
}

function exitOf(behaviour: Behaviour): ContainerExit {
  if (behaviour.outOfMemory) return { exitCode: 137, outOfMemory: true };
  return { exitCode: behaviour.exitCode ?? 0 };
}

async function stop(
  clock: Clock,
  behaviour: Behaviour,
  graceMilliseconds: number,
  end: (exit: ContainerExit) => void,
): Promise<void> {
  const needs = behaviour.ignoresStopSignal ? Number.POSITIVE_INFINITY : (behaviour.stopMilliseconds ?? 0);
  const wait = Math.min(needs, graceMilliseconds);
  if (wait > 0) await sleep(clock, wait);
  end({ exitCode: needs > graceMilliseconds ? 137 : (behaviour.stopExitCode ?? 143) });
}
