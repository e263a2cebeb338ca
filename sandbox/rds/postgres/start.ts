import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PostgresReady, PostgresSettings } from './worker.ts';

/** A PostgreSQL server that is starting or has started. */
export interface Postgres {
  ready: Promise<PostgresReady>;
  stop(): Promise<void>;
}

export function startPostgres(settings: PostgresSettings): Postgres {
  // A path and no URL object: test runners hand modules a URL class that is not Node's own.
  const worker = new Worker(fileURLToPath(new URL('./worker.ts', import.meta.url)), {
    workerData: settings,
    execArgv: [],
    stdout: false,
  });
  const ready = new Promise<PostgresReady>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The PostgreSQL server stopped before it was ready.')));
  });
  // Whoever waits for it hears of the failure; that nobody waits must not end the process.
  ready.catch(() => {});
  return {
    ready,
    stop: async () => {
      await worker.terminate();
    },
  };
}
