import type { ServiceItem } from './service-item.ts';

/**
 * A call that changes the world may land after whoever made it is gone: StopExecution stops no running function, and a
 * function that times out or crashes leaves on the wire what it has sent. So who is about to act writes into the
 * service's item until when that may still land (`acting.until`), ends the call well before, and nobody else acts, or is
 * granted the claim, until then.
 *
 * Build 2 calls UpdateService, which is throttled. An operator aborts build 2 and pushes build 3. Were build 3 granted
 * the claim at once, it would go live, and then the call of build 2 would land and roll the aborted release out over it.
 */

/** Milliseconds within which a call that changes the world has to end, the SDK's own retries included. */
export const ACT_WITHIN = 8_000;

/**
 * Milliseconds after which what was sent by then has landed or never will: the way to AWS, and how far the clocks of two
 * functions are apart.
 */
export const LANDED_WITHIN = 4_000;

/** The claim cannot be had, nor acted upon, before `until`: another call may still land. Nothing is to be written. */
export interface Unsettled {
  item: ServiceItem;
  until: number;
}

/**
 * Until when a call that somebody began may still land; undefined when all have ended. `lastAct` is the call of which
 * the document knows that it has: the state that made it has returned.
 */
export function unsettledUntil(
  { acting }: Pick<ServiceItem, 'acting'>,
  lastAct: string | undefined,
  now: number,
): number | undefined {
  return acting === undefined || acting.id === lastAct || acting.until <= now ? undefined : acting.until;
}

/** The call has been refused, or was never made: it cannot land any more. */
export const withoutAct = (item: ServiceItem, id: string): ServiceItem =>
  item.acting?.id === id ? { ...item, acting: undefined } : item;
