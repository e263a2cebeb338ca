import { quickDurations } from './durations.ts';
import { type Changes, type PackagedApplication, packageApplication } from './packaging/package.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
import { stopOnSignals } from './signals.ts';
import type { Progress } from './start/progress.ts';
import { readAllowedHost } from './wire/guard/host.ts';

export interface LaunchOptions extends Pick<SandboxOptions, 'door' | 'debug'> {
  /** The port that is tried first; 0 is any free one. */
  port: number;
  /** A local AWS without the application. */
  empty?: boolean;
  /** Told what begins and what is done. */
  progress: Progress;
  /** Aborted when a signal has come: what follows the sandbox ends too. */
  stopping: AbortController;
}

/**
 * Starts the sandbox as a command of its own: with people's durations, packaging while the database starts, and so that
 * a signal leaves nothing behind from the first moment on. A failure is said in a sentence and ends the process.
 */
export async function launch({ empty, progress, stopping, ...options }: LaunchOptions): Promise<Sandbox> {
  const starting = start();
  stopOnSignals(async () => {
    stopping.abort();
    await starting.then(
      (sandbox) => sandbox.stop(),
      () => undefined,
    );
  });
  const sandbox = await starting.catch((error: Error) => exitWith(error, stopping.signal));
  const isTaken = options.port !== 0 && !sandbox.endpoint.endsWith(`:${options.port}`);
  progress.done(`the sandbox listens on ${sandbox.endpoint}${isTaken ? ` (${options.port} is taken)` : ''}`);
  return sandbox;

  function start(): Promise<Sandbox> {
    if (empty) return startSandbox({ ...quickDurations, ...options });
    progress.begin('packaging the application and starting its database');
    const onDeploying = () => progress.begin('deploying the stack');
    return startSandbox({ ...quickDurations, ...options, application: packaged(), onDeploying });
  }

  async function packaged(): Promise<PackagedApplication> {
    const { changes, ...application } = await packageApplication(process.cwd(), stopping.signal);
    progress.done(told(changes));
    return application;
  }
}

function told(changes: Changes): string {
  if (changes === 'everything') return 'packaged by serverless package';
  if (changes.length === 0) return 'packaged before, nothing has changed since';
  return `packaged what has changed: ${changes.length > 3 ? `${changes.length} functions` : changes.join(', ')}`;
}

/** Says what went wrong and exits, unless a signal has come: then whoever handles it does. */
export function exitWith(error: Error, signal: AbortSignal): Promise<never> {
  if (signal.aborted) return new Promise(() => undefined);
  console.error(`\n${error.message}`);
  process.exit(1);
}

/** What every command that starts a sandbox is told of where it listens, for parseArgs. */
export const listeningOptions = {
  port: { type: 'string', default: '4566' },
  'allow-host': { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** Reads them; what they cannot be ends the process. */
export function readListening(values: { port: string; 'allow-host': string[] }): {
  port: number;
  door: { allowedHosts: string[] };
} {
  return { port: portOf(values.port), door: { allowedHosts: values['allow-host'].map(allowedHostOf) } };
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  return exitWithUsage(`--port takes a number from 0 to 65535, not "${text}"`);
}

function allowedHostOf(text: string): string {
  const example = 'as in --allow-host host.docker.internal';
  return (
    readAllowedHost(text) ??
    exitWithUsage(`--allow-host takes a host name without scheme and port, ${example}, not "${text}"`)
  );
}

function exitWithUsage(message: string): never {
  console.error(message);
  process.exit(64);
}
