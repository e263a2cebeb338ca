import type { Daemon } from '#sandbox/xray/daemon.ts';
import type { FunctionVersion } from '../function-store.ts';
import type { ErrorPayload, InvokeMessage } from '../runtime/messages.ts';

/** Everything that a new execution environment is given. */
export interface EnvironmentSettings {
  version: FunctionVersion;
  /** The whole environment of the function: nothing of the host's leaks in. */
  variables: Record<string, string>;
  logStreamName: string;
  /** Starts the X-Ray daemon beside the environment, where there is X-Ray. */
  openDaemon?: (() => Daemon) | undefined;
  /** Takes one log event of the function. */
  log(message: string): void;
}

/** How one request ended. A fatal failure leaves an environment that cannot be used again. */
export type EnvironmentOutcome = { payload: string } | { error: ErrorPayload; fatal: boolean };

/** One copy of a function, which takes one request at a time. */
export interface ExecutionEnvironment {
  /** Resolves when the function's module is loaded: with an error where it cannot be. */
  readonly initialized: Promise<ErrorPayload | undefined>;
  invoke(request: InvokeMessage): Promise<EnvironmentOutcome>;
  stop(): Promise<void>;
}

/** Starts an execution environment. The one small seam between Lambda's rules and how code is really run. */
export type StartEnvironment = (settings: EnvironmentSettings) => ExecutionEnvironment;
