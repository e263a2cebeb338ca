import { AwsError } from '#sandbox/core/errors.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';
import type { FunctionRecord, FunctionVersion } from '../function-store.ts';
import type { LambdaIam, LambdaLogs, LambdaXray } from '../needs.ts';
import type { ExecutionEnvironment, StartEnvironment } from './environment.ts';
import { functionVariables } from './variables.ts';

/** One execution environment in the pool's books. */
export interface PooledEnvironment {
  version: FunctionVersion;
  environment: ExecutionEnvironment;
  logStreamName: string;
  startedAt: number;
  /** When the credentials in its environment end. */
  expiresAt: number;
  /** Until its first request, an environment is a cold start. */
  used: boolean;
  /** Takes one log event, START to REPORT included. */
  log(message: string): void;
  /** Where the log of the current request is gathered for LogType Tail. */
  tail?: string[];
}

export interface PoolNeeds {
  iam: LambdaIam;
  logs: LambdaLogs;
  xray?: LambdaXray;
}

export interface PoolLimits {
  /** The account's concurrency quota. AWS gives 1,000; a machine has less room for threads. */
  concurrentExecutions: number;
  /** Idle environments that are kept warm, over all functions. */
  warmEnvironments: number;
}

/** An environment is not reused when its credentials end sooner than this after the function's timeout. */
const CREDENTIALS_MARGIN_MILLISECONDS = 60_000;

/** The execution environments of all functions: warm ones are reused, each further request starts one. */
export class EnvironmentPool {
  readonly #idle: PooledEnvironment[] = [];
  readonly #busy = new Set<PooledEnvironment>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #context: SandboxContext;
  readonly #needs: PoolNeeds;
  readonly #start: StartEnvironment;
  readonly #limits: PoolLimits;
  #closed = false;

  constructor(context: SandboxContext, needs: PoolNeeds, start: StartEnvironment, limits: PoolLimits) {
    this.#context = context;
    this.#needs = needs;
    this.#start = start;
    this.#limits = limits;
  }

  /** The most recently used warm environment of the version, or a new one. Throttles beyond the limits. */
  acquire(record: FunctionRecord, version: FunctionVersion): PooledEnvironment {
    if (this.#closed) throw new AwsError('ServiceException', 'Lambda has stopped', { httpStatus: 500 });
    this.#throttle(record);
    const until =
      this.#context.clock.now() + version.settings.timeout * 1000 + CREDENTIALS_MARGIN_MILLISECONDS;
    const index = this.#idle.findLastIndex((idle) => idle.version === version && idle.expiresAt > until);
    const pooled = this.#idle.splice(index, index < 0 ? 0 : 1)[0] ?? this.#open(version);
    this.#busy.add(pooled);
    return pooled;
  }

  /** Gives an environment back: kept warm where it still runs the function's current code. */
  release(record: FunctionRecord, pooled: PooledEnvironment, reusable: boolean): void {
    this.#busy.delete(pooled);
    pooled.used = true;
    const current = record.latest === pooled.version || record.versions.includes(pooled.version);
    if (!reusable || !current) {
      this.#stop(pooled);
      return;
    }
    this.#idle.push(pooled);
    while (this.#idle.length > this.#limits.warmEnvironments) this.#stop(this.#idle.shift()!);
  }

  /** Ends the idle environments of a function whose code or configuration has changed or that is gone. */
  retire(functionName: string): void {
    for (const idle of this.#idle.filter(({ version }) => version.functionName === functionName)) {
      this.#idle.splice(this.#idle.indexOf(idle), 1);
      this.#stop(idle);
    }
  }

  /** Ends every environment, busy or not, and starts no more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const pooled of [...this.#idle.splice(0), ...this.#busy]) this.#stop(pooled);
    await Promise.all(this.#stopping);
  }

  #throttle(record: FunctionRecord): void {
    const busyOfFunction = [...this.#busy].filter(
      ({ version }) => version.functionName === record.name,
    ).length;
    if (record.reservedConcurrency !== undefined && busyOfFunction >= record.reservedConcurrency) {
      throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.#busy.size >= this.#limits.concurrentExecutions) {
      throw tooManyRequests('ConcurrentInvocationLimitExceeded');
    }
  }

  #open(version: FunctionVersion): PooledEnvironment {
    const { clock, random } = this.#context;
    const { xray } = this.#needs;
    const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStreamName = `${day}/[${version.version}]${random.hex(32)}`;
    const credentials = this.#needs.iam.issueCredentials(version.settings.role, version.functionName);
    const log = (message: string) => {
      this.#needs.logs.write(version.settings.logGroup, logStreamName, message, clock.now());
      pooled.tail?.push(message);
    };
    const pooled: PooledEnvironment = {
      version,
      logStreamName,
      startedAt: clock.now(),
      expiresAt: credentials.expiration.getTime(),
      used: false,
      log,
      environment: this.#start({
        version,
        logStreamName,
        log,
        openDaemon: xray && (() => xray.openDaemon(version.settings.role)),
        variables: functionVariables(this.#context, version, logStreamName, credentials),
      }),
    };
    return pooled;
  }

  #stop(pooled: PooledEnvironment): void {
    const stopping = pooled.environment.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

function tooManyRequests(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    httpStatus: 429,
    fields: { Reason: reason, Type: 'User' },
  });
}
