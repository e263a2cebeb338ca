import type { PGlite } from '@electric-sql/pglite';
import type { ServerIdentity } from './startup.ts';

/** The parameters that a server reports to a client that connects. */
const reported = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'DateStyle',
  'TimeZone',
  'IntervalStyle',
  'integer_datetimes',
  'standard_conforming_strings',
];

/**
 * Makes the instance's database and master user out of PGlite's: it has the one database it is connected to,
 * which therefore takes the name asked for, and one session, which becomes the master user's. That user is
 * no superuser but owns the database and may create roles, much as with RDS.
 */
export async function prepareDatabase(
  db: PGlite,
  wanted: { username: string; password: string; database: string },
): Promise<ServerIdentity> {
  const { username, database } = wanted;
  if (username !== 'postgres') {
    await db.exec(`
      CREATE ROLE ${identifier(username)} LOGIN CREATEDB CREATEROLE;
      ALTER DATABASE postgres OWNER TO ${identifier(username)};
    `);
  }
  if (database !== 'postgres') {
    // The database in use cannot be renamed by ALTER DATABASE; its row in the catalog can.
    await db.exec('SET allow_system_table_mods = on');
    await db.query(`UPDATE pg_database SET datname = $1 WHERE datname = 'postgres'`, [database]);
    await db.exec('RESET allow_system_table_mods');
  }
  if (username !== 'postgres') await db.exec(`SET SESSION AUTHORIZATION ${identifier(username)}`);
  const { rows } = await db.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [reported],
  );
  const parameters = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  return { ...wanted, parameters: { ...parameters, is_superuser: username === 'postgres' ? 'on' : 'off' } };
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
