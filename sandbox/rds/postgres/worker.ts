import { createServer } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { listen } from '#sandbox/core/ports.ts';
import { serve } from './connection.ts';
import { openEmptyCluster } from './data-directory.ts';
import { prepareDatabase } from './prepare.ts';
import { createSession } from './session.ts';

/** What the instance is made of, as the parent hands it over. */
export interface PostgresSettings {
  username: string;
  password: string;
  database: string;
  port: number;
  cacheFile: string;
  idleTimeoutMilliseconds: number;
}

/** Sent once, when clients can connect. */
export interface PostgresReady {
  port: number;
  version: string;
}

/**
 * One PostgreSQL server on a thread of its own: PGlite runs queries synchronously and would stop everything
 * else in the sandbox while it does. It ends when the parent terminates the thread.
 */
const settings = workerData as PostgresSettings;
const db = await openEmptyCluster(settings.cacheFile);
const identity = await prepareDatabase(db, settings);
const session = createSession(db, settings.idleTimeoutMilliseconds);
let connections = 0;
const server = createServer((socket) => {
  connections += 1;
  serve(socket, connections, session, identity);
});
const port = await listen(server, settings.port);
const ready: PostgresReady = { port, version: identity.parameters.server_version ?? '' };
parentPort?.postMessage(ready);
