import { readFileSync } from 'node:fs';
import type { Recording } from './conformance/recording.ts';
import { replay } from './conformance/replay.ts';

/**
 * `npm run conformance -- FILE`: replays executions that AWS recorded, and says how many come out the same in
 * status, output, error and the sequence of events. FILE is a JSON array of {id, definition, input, events}.
 */
async function main(file: string | undefined): Promise<number> {
  if (file === undefined) {
    console.error('Usage: npm run conformance -- FILE, where FILE holds recorded executions as JSON');
    return 2;
  }
  const recordings = JSON.parse(readFileSync(file, 'utf8')) as Recording[];
  let failed = 0;
  for (const recording of recordings) {
    const problem = await replay(recording).catch((error: unknown) => `replay broke: ${error}`);
    if (problem === undefined) continue;
    failed += 1;
    console.log(`${recording.id}: ${problem}`);
  }
  console.log(`${recordings.length - failed} passed, ${failed} failed`);
  return failed / recordings.length > 0.05 ? 1 : 0;
}

process.exitCode = await main(process.argv[2]);
