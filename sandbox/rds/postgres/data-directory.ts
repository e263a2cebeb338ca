import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/**
 * A PGlite with an empty cluster. initdb takes most of a cold start (3 s of CPU; loading its result 0.6 s), so
 * the cluster that it makes is kept in a file, without any user or password, for every later start.
 */
export async function openEmptyCluster(cacheFile: string): Promise<PGlite> {
  if (existsSync(cacheFile)) return PGlite.create({ loadDataDir: new Blob([readFileSync(cacheFile)]) });
  const db = await PGlite.create();
  try {
    const dump = await db.dumpDataDir('none');
    await keep(cacheFile, dump);
  } catch {
    // A cache that cannot be written costs time at the next start and nothing else.
  }
  return db;
}

/** Written beside and renamed, so that nobody ever reads half a file. */
async function keep(cacheFile: string, dump: Blob): Promise<void> {
  mkdirSync(join(cacheFile, '..'), { recursive: true });
  const draft = `${cacheFile}.${randomUUID()}`;
  writeFileSync(draft, new Uint8Array(await dump.arrayBuffer()));
  renameSync(draft, cacheFile);
}
