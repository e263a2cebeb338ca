import type { Clock } from '#sandbox/core/clock.ts';
import type { Random } from '#sandbox/core/random.ts';
import type { JsonObject } from '../json.ts';

/** One piece of work that a Task state asks for. */
export interface TaskCall {
  stateName: string;
  /** `function`: the Resource is a function's ARN. The others are the optimized integration of Lambda. */
  kind: 'function' | 'invoke' | 'invoke.waitForTaskToken';
  functionName: string;
  /** JSON text. */
  payload: string;
  /** What the integration was given besides, as evaluated (FunctionName, Payload, Qualifier …). */
  parameters: JsonObject;
  signal: AbortSignal;
}

/** A wait for SendTaskSuccess or SendTaskFailure. */
export interface Callback {
  token: string;
  /** The output that was sent (JSON text), or a StateError that was. */
  settled: Promise<string>;
  /** Calls back for every heartbeat that arrives. */
  onHeartbeat(listener: () => void): void;
  /** From now on an answer comes too late. */
  close(): void;
}

/** What the interpreter needs from the world. Failures are thrown as StateError. */
export interface TaskPort {
  /** The result of the work as JSON text. */
  invoke(call: TaskCall): Promise<string>;
  openCallback(stateName: string): Callback;
}

export interface Environment {
  clock: Clock;
  random: Random;
  region: string;
  tasks: TaskPort;
}

/** What the context object says of the execution. */
export interface Identity {
  executionArn: string;
  executionName: string;
  stateMachineArn: string;
  stateMachineName: string;
  roleArn: string;
}
