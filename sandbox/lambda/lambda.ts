import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-lambda';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { type AsyncOptions, runQueuedEvent } from './async-invocation.ts';
import { authorizeLambda } from './authorize.ts';
import { type Code, unpackCode } from './code.ts';
import { createDestinations } from './destinations.ts';
import type { StartEnvironment } from './environments/environment.ts';
import { inProcessEnvironment } from './environments/in-process.ts';
import { EnvironmentPool, type PoolLimits } from './environments/pool.ts';
import { workerEnvironments } from './environments/worker.ts';
import { type FunctionRecord, FunctionStore } from './function-store.ts';
import { type InvocationResult, runInvocation } from './invocation.ts';
import type { LambdaNeeds } from './needs.ts';
import { lambdaOperations } from './operations/index.ts';
import { allowsService, type ServiceInvoker } from './resource-policy.ts';
import { compileRuntime } from './runtime/compile.ts';
import type { Handler } from './runtime/load-handler.ts';
import type { LambdaState } from './state.ts';

export interface LambdaOptions extends Partial<PoolLimits>, Partial<AsyncOptions> {
  runners?: {
    /** Runs in this process whatever it returns a handler for: for simulations in virtual time. */
    inProcess?: (functionName: string, roleArn: string) => Handler | undefined;
  };
}

export interface Lambda {
  definition: ServiceDefinition;
  /** A synchronous invocation by the sandbox itself. Rejects with the signal's reason when it aborts; the function runs on. */
  invoke(
    functionNameOrArn: string,
    payload: string,
    options?: { signal?: AbortSignal; traceHeader?: string | undefined },
  ): Promise<InvocationResult>;
  /** An asynchronous invocation by a service, checked against the function's resource-based policy. */
  invokeAsync(functionNameOrArn: string, payload: string, invoker?: ServiceInvoker): void;
  /** Whether the function's resource-based policy lets the service invoke it. */
  allows(functionNameOrArn: string, invoker: ServiceInvoker): boolean;
  /** Resolves when no queued event is waiting or running. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** AWS Lambda: runs deployment packages in worker threads, with their role's credentials and their own environment. */
export function createLambda(
  context: SandboxContext,
  needs: LambdaNeeds,
  options: LambdaOptions = {},
): Lambda {
  const store = new FunctionStore((name) => arn(context, 'lambda', `function:${name}`));
  const directory = join(context.directory, 'lambda');
  const pool = new EnvironmentPool(context, needs, startEnvironment(context, directory, options), {
    concurrentExecutions: options.concurrentExecutions ?? 100,
    warmEnvironments: options.warmEnvironments ?? 24,
  });
  const closing = new AbortController();
  const queued = new Set<Promise<void>>();
  const unpacked = new Map<string, Code>();
  const asyncOptions = {
    retryDelays: options.retryDelays ?? [60_000, 120_000],
    throttleDelay: options.throttleDelay ?? 1000,
  };
  const send = createDestinations(context, needs.services, needs.iam);

  const state: LambdaState = {
    context,
    needs,
    store,
    pool,
    unpack: (zip) => unpackCode(zip, prepare(directory), unpacked),
    run: (record, version, payload, request) =>
      runInvocation(context, pool, record, version, payload, { ...request, xray: needs.xray }),
    enqueue(record, version, payload, request) {
      const event = { record, version, payload, requestId: request.requestId };
      const run = () => state.run(record, version, payload, request);
      const running = runQueuedEvent(context, event, run, send, asyncOptions, closing.signal)
        .catch((error) => context.debug(`lambda: lost an event for ${record.name}: ${error}`))
        .finally(() => queued.delete(running));
      queued.add(running);
    },
  };

  return {
    definition: {
      signingName: 'lambda',
      sdk,
      operations: lambdaOperations(state),
      authorize: authorizeLambda(store),
    },
    async invoke(reference, payload, { signal, traceHeader } = {}) {
      const { record, version } = store.version(reference);
      const running = state.run(record, version, payload, { requestId: context.random.uuid(), traceHeader });
      return signal === undefined ? running : abortable(running, signal);
    },
    invokeAsync(reference, payload, invoker) {
      const { record, version } = store.version(reference);
      if (invoker !== undefined && !allowsService(record, invoker, context.accountId))
        throw denied(record, invoker);
      state.enqueue(record, version, payload, { requestId: context.random.uuid() });
    },
    allows: (reference, invoker) => allowsService(store.get(reference), invoker, context.accountId),
    async idle() {
      while (queued.size > 0) await Promise.all(queued);
    },
    async close() {
      closing.abort(new Error('Lambda is closed'));
      await pool.close();
      await Promise.all(queued);
    },
  };
}

/** The folder of all task roots. Its package.json keeps a "type" further up from reaching the functions. */
function prepare(directory: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{}');
  return directory;
}

function startEnvironment(
  context: SandboxContext,
  directory: string,
  options: LambdaOptions,
): StartEnvironment {
  let runtime: string | undefined;
  const startWorker = workerEnvironments(() => {
    runtime ??= compileRuntime(prepare(directory));
    return runtime;
  });
  return (settings) => {
    const { functionName, settings: configured } = settings.version;
    const handler = options.runners?.inProcess?.(functionName, configured.role);
    return handler === undefined
      ? startWorker(settings)
      : inProcessEnvironment(handler, settings, context.clock);
  };
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function denied(record: FunctionRecord, { principal }: ServiceInvoker): AwsError {
  return new AwsError(
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: lambda:InvokeFunction on resource: ${record.arn} because no resource-based policy allows the lambda:InvokeFunction action`,
    { httpStatus: 403 },
  );
}
