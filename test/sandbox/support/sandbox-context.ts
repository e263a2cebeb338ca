import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '#sandbox/core/clock.ts';
import { seededRandom } from '#sandbox/core/random.ts';
import type { SandboxContext } from '#sandbox/core/service.ts';

export type EmittedEvent = Parameters<SandboxContext['emit']>[0];

/** A context for one service under test, with a folder of its own and the events it emitted. */
export function testContext(clock: Clock = systemClock, endpoint = 'http://127.0.0.1:4566') {
  const directory = mkdtempSync(join(tmpdir(), 'landfall-test-'));
  const emitted: EmittedEvent[] = [];
  const context: SandboxContext = {
    clock,
    random: seededRandom(1),
    accountId: '111122223333',
    region: 'eu-west-1',
    directory,
    endpoint: () => endpoint,
    emit: (event) => void emitted.push(event),
    debug: () => {},
  };
  return { context, emitted, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
