/** Any number of tasks may migrate at once: one does the work, the others wait here and find it done. */
const LOCK = 7_252_019;

/**
 * Applies the migrations that the database does not have yet, in order, each in a transaction of its own
 * together with its line in schema_migrations. Stops at the first that fails and leaves it undone.
 */
export async function migrate(client, migrations, log) {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         version text PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const { rows } = await client.query('SELECT version FROM schema_migrations');
    const done = new Set(rows.map((row) => row.version));
    const pending = migrations.filter(({ version }) => !done.has(version));
    for (const migration of pending) await apply(client, migration, log);
    return pending.length;
  } finally {
    // Closing the connection frees the lock too, so a broken connection needs nothing more.
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {});
  }
}

async function apply(client, { version, sql }, log) {
  log(`== ${version}: migrating`);
  const started = performance.now();
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (version) VALUES ($1)', [version]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`${version}: ${error.message}`, { cause: error });
  }
  log(`== ${version}: migrated (${Math.round(performance.now() - started)} ms)`);
}
