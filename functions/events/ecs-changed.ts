import { now, pause } from '#lib/aws/sdk/clock.ts';
import { table } from '#lib/aws/table/table.ts';
import { createWaits, type Wait, type Waits } from '#lib/aws/table/waits.ts';
import { EcsEvent, matterHinted } from '#lib/deployment/rollout/hints.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { logger, warn } from '#lib/middleware/logger.ts';
import { concernDocument } from '#lib/middleware/subject.ts';
import { installedLook } from '#lib/operations/look.ts';

/** Looks at one wait are at least so many milliseconds apart: a hundred stopping tasks cost two looks, not a hundred. */
const SPACING = 3_000;

interface Needs {
  waits: Pick<Waits, 'get' | 'turnToLook'>;
  look: (wait: Wait) => Promise<void>;
  now: () => number;
  pause: (milliseconds: number) => Promise<unknown>;
}

/** An ECS event is a hint: whoever waits for what it is about looks again, with the very code of the waiting states. */
export function createEcsChanged({ waits, look, now, pause }: Needs) {
  return async (event: EcsEvent): Promise<void> => {
    for (const matter of matterHinted(event)) {
      const delay = await waits.turnToLook(matter, SPACING, now());
      if (delay === undefined) continue;
      if (delay > 0) await pause(delay);
      const wait = await waits.get(matter);
      if (wait === undefined) continue;
      concernDocument(wait.document, wait.execution);
      logger.info('A hint came for a wait', { wait: wait.kind, hint: event['detail-type'] });
      await look(wait);
    }
  };
}

export const handler = forEvent(
  EcsEvent,
  createEcsChanged({ waits: createWaits(table()), look: installedLook(warn), now, pause }),
);
