import { now, pause } from '#lib/aws/sdk/clock.ts';
import { installedTable } from '#lib/aws/table/table.ts';
import { createWaits, type Wait, type Waits } from '#lib/aws/table/waits.ts';
import { EcsEvent, waitKeysOf } from '#lib/deployment/rollout/hints.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { setLogContextFrom } from '#lib/middleware/log-context.ts';
import { logger, warn } from '#lib/middleware/logger.ts';
import { installedLook } from '#lib/operations/look.ts';

/** Looks at one wait are at least so many milliseconds apart: a hundred stopping tasks cost two looks, not a hundred. */
const SPACING = 3_000;

interface Needs {
  waits: Pick<Waits, 'get' | 'turnToLook'>;
  look: (wait: Wait) => Promise<void>;
  now: () => number;
  pause: (milliseconds: number) => Promise<unknown>;
}

/** An ECS event is a hint: the waits that it may concern look again, with the very code of the waiting states. */
export function createEcsChanged({ waits, look, now, pause }: Needs) {
  return async (event: EcsEvent): Promise<void> => {
    for (const waitKey of waitKeysOf(event)) {
      const delay = await waits.turnToLook(waitKey, SPACING, now());
      if (delay === undefined) continue;
      if (delay > 0) await pause(delay);
      const wait = await waits.get(waitKey);
      if (wait === undefined) continue;
      setLogContextFrom(wait.document, wait.execution);
      logger.info('A hint came for a wait', { wait: wait.kind, hint: event['detail-type'] });
      await look(wait);
    }
  };
}

export const handler = forEvent(
  EcsEvent,
  createEcsChanged({ waits: createWaits(installedTable()), look: installedLook(warn), now, pause }),
);
