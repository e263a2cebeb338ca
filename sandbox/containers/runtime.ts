import type { Image } from './image.ts';

/** What runs containers: real processes, or scripted behaviour in a simulation. */
export interface ContainerRuntime {
  /**
   * A port on this machine's loopback that stands for one published container port. The runtime hands it out
   * before the container starts, because the process can only be told a number.
   */
  reservePort(): Promise<number>;
  /** Resolves once the container runs; rejects with ContainerStartError when its program cannot be started. */
  start(spec: ContainerSpec): Promise<ContainerHandle>;
  /** Kills whatever still runs. */
  close(): Promise<void>;
}

export interface ContainerSpec {
  /** For messages: `webapp/TASK_ID`. */
  name: string;
  image: Image;
  /** The reference the image was pulled by. */
  imageReference: string;
  /** Entry point and command, overrides applied; never empty. */
  command: string[];
  /** Relative to the image's root. */
  workingDirectory: string;
  environment: Record<string, string>;
  /** Kill the container above this; absent: no limit. */
  memoryLimitInBytes?: number;
  onOutput(line: string): void;
}

export interface ContainerExit {
  /** 128 + signal number when a signal ended it, as Docker counts. */
  exitCode: number;
  outOfMemory?: boolean;
}

export interface ContainerHandle {
  exited: Promise<ContainerExit>;
  /** The stop signal of the image, and SIGKILL when it is still there after the grace period. */
  stop(graceMilliseconds: number): Promise<void>;
  /** Runs a command inside the container (health checks) and resolves to its exit code. */
  exec(command: string[], timeoutMilliseconds: number): Promise<number>;
  pid?: number;
}

/** The container's program cannot be started: it is not there, or it is not executable. */
export class ContainerStartError extends Error {
  override readonly name = 'ContainerStartError';
}
