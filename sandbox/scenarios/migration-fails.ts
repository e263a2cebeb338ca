import pg from 'pg';
import { greeting, type Scenario, type Stage } from './scenario.ts';

/**
 * The migration is right and the data is wrong: no commit mends that. The duplicates come in as they do in life,
 * through the application that the migration is to protect from them.
 */
export const migrationFails: Scenario = {
  name: 'migration-fails',
  about: 'the migration exits 1 for rows that two articles share; mended in the database and by a redrive',
  async arrange({ url, terminal }) {
    for (let copy = 0; copy < 2; copy += 1) {
      const response = await fetch(`${url}/articles`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'Told twice', body: 'The same title again' }),
      });
      if (response.status !== 201) throw new Error(`POST /articles answered ${response.status}`);
    }
    terminal.print('\nTwo articles with the same slug have been posted');
  },
  breaking: {
    message: 'Make slugs unique',
    files: (read) => ({
      'db/migrate/002_unique_slugs.sql': 'CREATE UNIQUE INDEX articles_unique_slug ON articles (slug);\n',
      ...greeting(read, 'hello, unique slugs!'),
    }),
  },
  fails: {
    error: 'MigrationFailed',
    states: ['RunMigration', 'AwaitMigration', 'HaltDeployment'],
    says: [
      /container webapp exited with code 1/,
      /002_unique_slugs: could not create unique index/,
      /The service was not touched: \S+ runs\./,
      /A redrive goes on from RunMigration\./,
    ],
  },
  mending: {
    repair: deleteDuplicates,
    // Neither verified nor registered again.
    redriveStates: [
      'ClaimService',
      'RunMigration',
      'AwaitMigration',
      'UpdateService',
      'AwaitRollout',
      'CheckHealth',
      'CompleteDeployment',
      'Deployed',
    ],
  },
};

async function deleteDuplicates({ databaseUrl, terminal }: Stage): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      'DELETE FROM articles newer USING articles older WHERE newer.slug = older.slug AND newer.id > older.id',
    );
    terminal.print(`\nRepaired with a PostgreSQL client: ${rowCount} duplicate deleted`);
  } finally {
    await client.end();
  }
}
