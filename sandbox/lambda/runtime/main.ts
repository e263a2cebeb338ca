/**
 * The runtime inside one execution environment: what /var/runtime is in Lambda. Runs as a worker thread's main
 * module; everything it may know comes in through workerData, its environment variables and messages.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { captureOutput } from './console.ts';
import { errorLog, errorPayload, RuntimeError, serializeResult } from './errors.ts';
import { lambdaContext } from './lambda-context.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import type { InvokeMessage, RuntimeMessage, RuntimeSettings } from './messages.ts';

const settings = workerData as RuntimeSettings;
let requestId: string | undefined;

const post = (message: RuntimeMessage) => parentPort?.postMessage(message);

captureOutput(
  (message) => post({ type: 'log', message }),
  () => requestId,
);
process.cwd = () => settings.taskRoot;

/** An error outside the handler's promise ends the environment, as it ends Lambda's Node.js process. */
function die(thrown: unknown, exitCode: number): void {
  console.error('Uncaught Exception ', errorLog(thrown));
  const error = errorPayload(thrown);
  post(
    requestId === undefined
      ? { type: 'init-failed', error }
      : { type: 'failed', requestId, error, fatal: true },
  );
  process.exit(exitCode);
}

process.on('uncaughtException', (error) => die(error, 129));
process.on('unhandledRejection', (reason) => {
  const stack = reason instanceof Error ? reason.stack : undefined;
  die(new RuntimeError('Runtime.UnhandledPromiseRejection', String(reason), stack), 128);
});

async function handle(handler: Handler, invocation: InvokeMessage): Promise<void> {
  requestId = invocation.requestId;
  process.env._X_AMZN_TRACE_ID = invocation.traceId;
  const deadline = performance.now() + invocation.remainingMilliseconds;
  const context = lambdaContext(settings, invocation, () => deadline - performance.now());
  try {
    const payload = serializeResult(await handler(JSON.parse(invocation.payload), context));
    post({ type: 'result', requestId: invocation.requestId, payload });
  } catch (thrown) {
    console.error('Invoke Error', `\t${errorLog(thrown)}`);
    post({ type: 'failed', requestId: invocation.requestId, error: errorPayload(thrown), fatal: false });
  }
}

try {
  const handler = await loadHandler(settings.taskRoot, settings.handler);
  parentPort?.on('message', (invocation: InvokeMessage) => void handle(handler, invocation));
  post({ type: 'ready' });
} catch (thrown) {
  console.error('Uncaught Exception', `\t${errorLog(thrown)}`);
  post({ type: 'init-failed', error: errorPayload(thrown) });
}
