import * as z from 'zod';
import { DeploymentError } from '#lib/deployment/errors.ts';
import { formatInstant } from '#lib/deployment/instant.ts';

/** An operator's word that nothing of a service may be changed for a while. */
export const Freeze = z.object({
  reason: z.string(),
  requestedBy: z.string(),
  /** Epoch milliseconds; without it the freeze lasts until it is lifted. */
  until: z.number().optional(),
});
export type Freeze = z.infer<typeof Freeze>;

interface Freezable {
  service: string;
  freeze?: Freeze | undefined;
}

/** The freeze that is in force at `now`; one past its `until` has ended by itself. */
export function activeFreezeOf({ freeze }: Freezable, now: number): Freeze | undefined {
  return freeze === undefined || (freeze.until !== undefined && freeze.until <= now) ? undefined : freeze;
}

/** Fails with ServiceFrozen, which says by whom, until when and why. */
export function refuseFrozen(item: Freezable, now: number): void {
  const freeze = activeFreezeOf(item, now);
  if (freeze === undefined) return;
  const until = freeze.until === undefined ? 'until it is lifted' : `until ${formatInstant(freeze.until)}`;
  throw new DeploymentError(
    'ServiceFrozen',
    `${freeze.requestedBy} froze ${item.service} ${until} ("${freeze.reason}")`,
  );
}

/** Whoever freezes for longer means until it is lifted, or has mistyped the year. */
const LONGEST = 366 * 24 * 3_600_000;

/** The freeze that somebody asks for. Fails with InvalidRequest where its end is past, or more than a year ahead. */
export function freezeOf(
  { reason, until }: { reason: string; until?: string | undefined },
  requestedBy: string,
  now: number,
): Freeze {
  if (until === undefined) return { reason, requestedBy };
  const end = Date.parse(until);
  if (!(end > now)) throw new DeploymentError('InvalidRequest', `until: ${until} is not in the future`);
  if (end - now > LONGEST)
    throw new DeploymentError('InvalidRequest', `until: ${until} is more than a year ahead`, {
      remedy: 'leave it out, and lift the freeze when it is over',
    });
  return { reason, requestedBy, until: end };
}

/** Without its freeze; the very same where it has none, so that nothing is written. */
export function liftFreeze<Item extends Freezable>(item: Item): Item {
  return item.freeze === undefined ? item : { ...item, freeze: undefined };
}
