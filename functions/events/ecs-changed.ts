import { now, pause } from '#lib/aws/sdk/clock.ts';
import { logger } from '#lib/aws/sdk/logger.ts';
import { createWaits } from '#lib/aws/table/waits.ts';
import { EcsEvent, waitKeysOf } from '#lib/deployment/rollout/hints.ts';
import { forEvent } from '#lib/middleware/event.ts';
import { setLogContextFrom } from '#lib/middleware/log-context.ts';
import { look } from '#lib/operations/look.ts';

const waits = createWaits();

/** Looks at one wait are at least so many milliseconds apart: a hundred stopping tasks cost two looks, not a hundred. */
const SPACING = 3_000;

/** An ECS event is a hint: the waits that it may concern look again, with the very code of the waiting states. */
export const handler = forEvent(EcsEvent, async (event) => {
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
});
