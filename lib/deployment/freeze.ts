import * as z from 'zod';
import { DeploymentError } from './errors.ts';

/** An operator's word that nothing of a service may be changed for a while. */
export const Freeze = z.object({
  reason: z.string(),
  by: z.string(),
  /** Epoch milliseconds; without it the freeze lasts until it is lifted. */
  until: z.number().optional(),
});
export type Freeze = z.infer<typeof Freeze>;

interface Freezable {
  service: string;
  freeze?: Freeze | undefined;
}

/** The freeze that is in force at `now`; one past its `until` has ended by itself. */
export function activeFreeze({ freeze }: Freezable, now: number): Freeze | undefined {
  return freeze === undefined || (freeze.until !== undefined && freeze.until <= now) ? undefined : freeze;
}

/** Fails with ServiceFrozen, which says by whom, until when and why. */
export function refuseFrozen(item: Freezable, now: number): void {
  const freeze = activeFreeze(item, now);
  if (freeze === undefined) return;
  const until =
    freeze.until === undefined ? 'until it is lifted' : `until ${new Date(freeze.until).toISOString()}`;
  throw new DeploymentError(
    'ServiceFrozen',
    `${freeze.by} froze ${item.service} ${until} ("${freeze.reason}")`,
  );
}

/** The freeze that somebody asks for. Fails with InvalidRequest where it would be over before it began. */
export function freezeOf(
  { reason, until }: { reason: string; until?: string | undefined },
  by: string,
  now: number,
): Freeze {
  if (until === undefined) return { reason, by };
  const end = Date.parse(until);
  if (!(end > now)) throw new DeploymentError('InvalidRequest', `until: ${until} is not in the future`);
  return { reason, by, until: end };
}

/** Without its freeze; the very same where it has none, so that nothing is written. */
export function unfrozen<Item extends Freezable>(item: Item): Item {
  return item.freeze === undefined ? item : { ...item, freeze: undefined };
}
