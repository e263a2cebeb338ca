import pg from 'pg';
import { databaseConfig } from './app/database.js';
import { createApp } from './app/http.js';

const pool = new pg.Pool({ ...databaseConfig(), connectionTimeoutMillis: 5000 });
// An idle connection that the database closes must not end the process: the pool opens another.
pool.on('error', (error) => console.error('idle database connection lost:', error.message));

const server = createApp(pool);
server.listen({ port: Number(process.env.PORT ?? 80), host: process.env.HOST }, () => {
  console.log(`listening on port ${server.address().port}`);
});
server.on('error', (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});

/** ECS stops a task with SIGTERM: no new connection, every request answered, then exit 0. */
function shutDown(signal) {
  console.log(`${signal}: finishing ${pool.totalCount - pool.idleCount} open queries, then stopping`);
  server.close(async () => {
    await pool.end();
    process.exit(0);
  });
  server.closeIdleConnections();
}
process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
