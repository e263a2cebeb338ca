import { readFileSync } from 'node:fs';

/**
 * How to reach PostgreSQL: DATABASE_URL where it is set, else config/database.json. The password is never in
 * the repository: it comes from PGPASSWORD, which the task definition takes from a secret. PGHOST and PGPORT
 * override the file, as they do for every PostgreSQL client.
 */
export function databaseConfig(environment = process.env) {
  if (environment.DATABASE_URL) return { connectionString: environment.DATABASE_URL };
  const file = JSON.parse(readFileSync(new URL('../config/database.json', import.meta.url), 'utf8'));
  return {
    host: environment.PGHOST ?? file.host,
    port: Number(environment.PGPORT ?? file.port ?? 5432),
    database: file.database,
    user: file.username,
    password: environment.PGPASSWORD,
  };
}
