#!/usr/bin/env node
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { databaseConfig } from '../app/database.js';
import { migrate } from '../app/migrate.js';

const directory = new URL('../db/migrate/', import.meta.url);
const migrations = readdirSync(directory)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => ({
    version: file.replace(/\.sql$/, ''),
    sql: readFileSync(new URL(file, directory), 'utf8'),
  }));

const client = new pg.Client({ ...databaseConfig(), connectionTimeoutMillis: 10_000 });
try {
  await client.connect();
  const applied = await migrate(client, migrations, console.log);
  console.log(applied === 0 ? 'nothing to migrate' : `${applied} migration(s) applied`);
} catch (error) {
  console.error(`migration failed: ${error.message || error.code || error}`);
  process.exitCode = 1;
} finally {
  await client.end().catch(() => {});
}
