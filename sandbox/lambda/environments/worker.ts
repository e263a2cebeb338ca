import { Worker } from 'node:worker_threads';
import type { Daemon } from '#sandbox/xray/daemon.ts';
import type { ErrorPayload, InvokeMessage, RuntimeMessage, RuntimeSettings } from '../runtime/messages.ts';
import type {
  EnvironmentOutcome,
  EnvironmentSettings,
  ExecutionEnvironment,
  StartEnvironment,
} from './environment.ts';

/** Runs each execution environment in a worker thread of its own, with the runtime at `runtimePath`. */
export function workerEnvironments(runtimePath: () => string): StartEnvironment {
  return (settings) => new WorkerEnvironment(runtimePath(), settings);
}

class WorkerEnvironment implements ExecutionEnvironment {
  readonly initialized: Promise<ErrorPayload | undefined>;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #finishInit: (error?: ErrorPayload) => void = () => {};
  #current: { requestId: string; finish: (outcome: EnvironmentOutcome) => void } | undefined;

  constructor(runtimePath: string, settings: EnvironmentSettings) {
    this.initialized = new Promise((resolve) => {
      this.#finishInit = resolve;
    });
    const daemon = settings.openDaemon?.();
    this.#worker = new Worker(runtimePath, {
      env: { ...settings.variables, ...daemonVariables(daemon) },
      execArgv: [],
      stdout: true,
      stderr: true,
      workerData: runtimeSettings(settings),
      // V8's heap is most of what a function's memory is; beyond it Lambda kills the process.
      resourceLimits: { maxOldGenerationSizeMb: settings.version.settings.memorySize },
    });
    this.#worker.on('message', (message: RuntimeMessage) => this.#receive(message, settings));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => this.#exit(exitReason(error)));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#exit(
          code === 0
            ? 'Runtime exited without providing a reason'
            : `Runtime exited with error: exit status ${code}`,
        );
        daemon?.close();
        resolve();
      });
    });
  }

  invoke(request: InvokeMessage): Promise<EnvironmentOutcome> {
    return new Promise((finish) => {
      this.#current = { requestId: request.requestId, finish };
      this.#worker.postMessage(request);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    await this.#exited;
  }

  #receive(message: RuntimeMessage, settings: EnvironmentSettings): void {
    if (message.type === 'log') settings.log(message.message);
    if (message.type === 'ready') this.#finishInit();
    if (message.type === 'init-failed') this.#finishInit(message.error);
    if (message.type === 'result') this.#finish({ payload: message.payload });
    if (message.type === 'failed') this.#finish({ error: message.error, fatal: message.fatal });
  }

  #finish(outcome: EnvironmentOutcome): void {
    this.#current?.finish(outcome);
    this.#current = undefined;
  }

  /** The thread is gone: whatever it was doing ends with Lambda's words for it. */
  #exit(reason: string): void {
    const prefix = this.#current === undefined ? '' : `RequestId: ${this.#current.requestId} `;
    const error = { errorType: 'Runtime.ExitError', errorMessage: `${prefix}Error: ${reason}` };
    this.#finishInit(error);
    this.#finish({ error, fatal: true });
  }
}

/** As Lambda sets them; without X-Ray nobody listens. */
const daemonVariables = (daemon: Daemon | undefined): Record<string, string> =>
  daemon === undefined
    ? {}
    : { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' };

function exitReason(error: NodeJS.ErrnoException): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'Runtime exited with error: signal: killed'
    : `Runtime exited with error: ${error.message}`;
}

function runtimeSettings({ version, logStreamName }: EnvironmentSettings): RuntimeSettings {
  return {
    taskRoot: version.code.taskRoot,
    handler: version.settings.handler,
    functionName: version.functionName,
    functionVersion: version.version,
    memoryLimitInMB: String(version.settings.memorySize),
    logGroupName: version.settings.logGroup,
    logStreamName,
  };
}
