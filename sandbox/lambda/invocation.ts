import type { Clock } from '#sandbox/core/clock.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { EnvironmentPool, PooledEnvironment } from './environments/pool.ts';
import type { FunctionRecord, FunctionVersion } from './function-store.ts';
import type { LambdaXray } from './needs.ts';
import type { ErrorPayload } from './runtime/messages.ts';
import { traceInvocation } from './tracing.ts';

export interface InvocationResult {
  /** JSON text; of a failed invocation {errorType, errorMessage, trace}. */
  payload: string;
  functionError?: 'Handled' | 'Unhandled';
}

/** A finished invocation with the log lines it wrote. */
export interface LoggedInvocation extends InvocationResult {
  requestId: string;
  log: string[];
}

/** 6 MiB and the envelope: the figure that Lambda's own message gives. */
const RESPONSE_LIMIT = 6_291_556;

/** Lambda's limit for the initialisation of an on-demand environment. */
const INIT_MILLISECONDS = 10_000;

type Outcome = { payload: string } | { error: ErrorPayload; fatal: boolean };

/** Runs one request on a warm or a new execution environment and writes START, END and REPORT to its log. */
export async function runInvocation(
  context: SandboxContext,
  pool: EnvironmentPool,
  record: FunctionRecord,
  version: FunctionVersion,
  payload: string,
  {
    requestId,
    traceHeader,
    xray,
  }: { requestId: string; traceHeader?: string | undefined; xray?: LambdaXray | undefined },
): Promise<LoggedInvocation> {
  const receivedAt = context.clock.now();
  const pooled = pool.acquire(record, version);
  const log: string[] = [];
  pooled.tail = log;
  const initError = await initialize(context.clock, pooled, requestId);
  const initMilliseconds = pooled.used ? undefined : context.clock.now() - pooled.startedAt;
  pooled.log(`START RequestId: ${requestId} Version: ${version.version}`);
  const trace = traceInvocation(context, xray, version, { requestId, receivedAt, traceHeader });
  const startedAt = context.clock.now();
  const outcome: Outcome =
    initError === undefined
      ? await execute(context, pooled, payload, requestId, trace.header)
      : { error: initError, fatal: true };
  trace.end({ initMilliseconds, failed: 'error' in outcome });
  pooled.log(`END RequestId: ${requestId}`);
  pooled.log(report(version, requestId, context.clock.now() - startedAt, initMilliseconds));
  pooled.tail = undefined;
  pool.release(record, pooled, !('error' in outcome && outcome.fatal));
  return { ...asResult(outcome), requestId, log };
}

function initialize(
  clock: Clock,
  pooled: PooledEnvironment,
  requestId: string,
): Promise<ErrorPayload | undefined> {
  return within(clock, INIT_MILLISECONDS, pooled.environment.initialized, () =>
    timedOut(requestId, INIT_MILLISECONDS),
  );
}

async function execute(
  context: SandboxContext,
  pooled: PooledEnvironment,
  payload: string,
  requestId: string,
  traceId: string,
): Promise<Outcome> {
  const { version } = pooled;
  const milliseconds = version.settings.timeout * 1000;
  const running = pooled.environment.invoke({
    requestId,
    payload,
    invokedFunctionArn: version.arn,
    traceId,
    remainingMilliseconds: milliseconds,
  });
  return within<Outcome>(context.clock, milliseconds, running, () => {
    const error = timedOut(requestId, milliseconds);
    pooled.log(
      `${new Date(context.clock.now()).toISOString()} ${requestId} Task timed out after ${seconds(milliseconds)} seconds`,
    );
    return { error, fatal: true };
  });
}

/** The promise's value, or `late()` once the time is over. */
function within<T>(clock: Clock, milliseconds: number, promise: Promise<T>, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => resolve(late()), milliseconds);
    promise.then(resolve, reject).finally(() => clock.clearTimeout(timer));
  });
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);

function timedOut(requestId: string, milliseconds: number): ErrorPayload {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds(milliseconds)} seconds`,
  };
}

function asResult(outcome: Outcome): InvocationResult {
  if ('error' in outcome) return { payload: JSON.stringify(outcome.error), functionError: 'Unhandled' };
  if (Buffer.byteLength(outcome.payload) <= RESPONSE_LIMIT) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`;
  return {
    payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }),
    functionError: 'Unhandled',
  };
}

function report(
  version: FunctionVersion,
  requestId: string,
  duration: number,
  init: number | undefined,
): string {
  const billed = Math.ceil(duration + (init ?? 0));
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${version.settings.memorySize} MB`,
  ];
  if (init !== undefined) parts.push(`Init Duration: ${init.toFixed(2)} ms`);
  return parts.join('\t');
}
