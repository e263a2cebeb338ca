import type { SandboxContext } from '#sandbox/core/service.ts';
import type { Code } from './code.ts';
import type { EnvironmentPool } from './environments/pool.ts';
import type { FunctionRecord, FunctionStore, FunctionVersion } from './function-store.ts';
import type { LoggedInvocation } from './invocation.ts';
import type { LambdaNeeds } from './needs.ts';

/** What the operations work on. */
export interface LambdaState {
  context: SandboxContext;
  needs: LambdaNeeds;
  store: FunctionStore;
  pool: EnvironmentPool;
  unpack(zip: Uint8Array): Code;
  run(
    record: FunctionRecord,
    version: FunctionVersion,
    payload: string,
    request: { requestId: string; traceHeader?: string | undefined },
  ): Promise<LoggedInvocation>;
  enqueue(
    record: FunctionRecord,
    version: FunctionVersion,
    payload: string,
    request: { requestId: string; traceHeader?: string | undefined },
  ): void;
}
