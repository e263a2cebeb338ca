import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Clock, sleep, systemClock } from '#sandbox/core/clock.ts';
import { freePort } from '#sandbox/core/ports.ts';
import { createWatchdog } from '#sandbox/core/watchdog.ts';
import { eachLine } from './process/lines.ts';
import { createMemoryMonitor } from './process/memory.ts';
import { resolveProgram, searchPath } from './process/program.ts';
import {
  type ContainerExit,
  type ContainerHandle,
  type ContainerRuntime,
  type ContainerSpec,
  ContainerStartError,
} from './runtime.ts';

/** How long output is still read after the program has ended, should a stray grandchild hold the pipe. */
const outputGraceMilliseconds = 500;

/**
 * Containers as real processes: the image's program runs in the image's file tree, in a process group of its
 * own, on this machine. There is no namespace: the file system, the network and the user are this machine's,
 * and the containers of an image share its tree. Instead of its published container port a process listens on
 * the loopback port that it is told by `PORT`.
 */
export function createProcessRuntime(clock: Clock = systemClock): ContainerRuntime {
  const watchdog = createWatchdog();
  const memory = createMemoryMonitor(clock);
  const running = new Set<ContainerHandle>();
  return {
    reservePort: freePort,
    async start(spec) {
      const { child, directory, environment } = await launch(spec);
      const group = child.pid as number;
      watchdog.watch(group);
      let outOfMemory = false;
      if (spec.memoryLimitInBytes !== undefined) {
        memory.limit(group, spec.memoryLimitInBytes, () => {
          outOfMemory = true;
          killGroup(group);
        });
      }
      const exited = ending(child, clock).then((exitCode): ContainerExit => {
        memory.forget(group);
        watchdog.forget(group);
        running.delete(handle);
        return outOfMemory ? { exitCode: 137, outOfMemory } : { exitCode };
      });
      const handle: ContainerHandle = {
        pid: group,
        exited,
        stop: (grace) => stop(child, spec.image.config.stopSignal, grace, exited, clock),
        exec: (command, timeout) => execute(command, { directory, environment, spec }, timeout, clock),
      };
      running.add(handle);
      return handle;
    },
    async close() {
      const handles = [...running];
      for (const handle of handles) killGroup(handle.pid as number);
      await Promise.all(handles.map((handle) => handle.exited));
      await watchdog.close();
    },
  };
}

interface Place {
  directory: string;
  environment: Record<string, string>;
  spec: ContainerSpec;
}

async function launch(spec: ContainerSpec): Promise<Place & { child: ChildProcess }> {
  const directory = join(spec.image.rootfs, spec.workingDirectory);
  mkdirSync(directory, { recursive: true });
  const PATH = searchPath(spec.image.rootfs, spec.environment.PATH);
  const environment = { HOME: directory, ...spec.environment, PATH };
  const place = { directory, environment, spec };
  const child = spawnIn(spec.command, place);
  if (child.stdout) eachLine(child.stdout, spec.onOutput);
  if (child.stderr) eachLine(child.stderr, spec.onOutput);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(new ContainerStartError(notStarted(spec.command[0], error.message))),
    );
  });
  return { ...place, child };
}

function spawnIn(command: string[], place: Place): ChildProcess {
  const [program = '', ...parameters] = command;
  const { directory, environment, spec } = place;
  const file = resolveProgram(program, spec.image.rootfs, directory, environment.PATH ?? '');
  if (!file) throw new ContainerStartError(notStarted(program));
  return spawn(file, parameters, {
    argv0: program,
    cwd: directory,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** As runc words it, through Docker. */
function notStarted(program = '', cause?: string): string {
  const why =
    cause ??
    (program.includes('/')
      ? `stat ${program}: no such file or directory`
      : 'executable file not found in $PATH');
  return (
    'Error response from daemon: failed to create task for container: failed to create shim task: ' +
    `OCI runtime create failed: runc create failed: unable to start container process: exec: "${program}": ${why}: unknown`
  );
}

/** Exit code once the program has ended and its output is read; the rest of its group ends with it, as with PID 1. */
function ending(child: ChildProcess, clock: Clock): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      killGroup(child.pid as number);
      const exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 0);
      const timer = clock.setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(exitCode);
      }, outputGraceMilliseconds);
      child.once('close', () => {
        clock.clearTimeout(timer);
        resolve(exitCode);
      });
    });
  });
}

/** Docker signals the first process only; what the program does with its children is its own business. */
async function stop(
  child: ChildProcess,
  signal: string,
  graceMilliseconds: number,
  exited: Promise<ContainerExit>,
  clock: Clock,
): Promise<void> {
  child.kill((signal || 'SIGTERM') as NodeJS.Signals);
  const given = new AbortController();
  const grace = sleep(clock, graceMilliseconds, given.signal).then(
    () => killGroup(child.pid as number),
    () => {},
  );
  await exited;
  given.abort();
  await grace;
}

async function execute(command: string[], place: Place, timeout: number, clock: Clock): Promise<number> {
  const child = spawnIn(command, place);
  child.stdout?.resume();
  child.stderr?.resume();
  const failed = new Promise<number>((resolve) => child.once('error', () => resolve(126)));
  const timer = clock.setTimeout(() => child.pid && killGroup(child.pid), timeout);
  const exitCode = await Promise.race([failed, ending(child, clock)]);
  clock.clearTimeout(timer);
  return exitCode;
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
