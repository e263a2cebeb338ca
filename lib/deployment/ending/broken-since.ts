import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { isTouched, serviceOutcomeOf } from './service-outcome-of.ts';

/** How a deployment that did not go live leaves its service: not well since then, or led back by then. */
export type BrokenSinceChange = { brokenSince: number } | { restoredAt: number };

/**
 * How this deployment leaves the service, which is over at `at`: broken since its update, or led back by then; undefined
 * where it has not changed it, or what runs is another's.
 */
export function brokenSinceChangeOf(document: DeploymentDocument, at: number): BrokenSinceChange | undefined {
  if (!isTouched(document)) return undefined;
  const serviceOutcome = serviceOutcomeOf(document);
  if (serviceOutcome === 'ROLLED_BACK') return { restoredAt: at };
  // Of an update whose answer never came only its end is known.
  return serviceOutcome === 'CHANGED' ? { brokenSince: document.rollout?.startedAt ?? at } : undefined;
}

/**
 * The item of a service after a failed change. It stays broken since the first one that left it so, until it has been led
 * back or a release has gone live. Ends are told late and twice: what has gone live, or broken it, since matters more.
 */
export function withBrokenSinceChange(item: ServiceItem, change: BrokenSinceChange | undefined): ServiceItem {
  if (change === undefined) return item;
  const { brokenSince, ...well } = item;
  if ('restoredAt' in change)
    return brokenSince === undefined || brokenSince > change.restoredAt ? item : well;
  const isMended = (item.lastKnownGood?.at ?? 0) > change.brokenSince;
  return isMended || brokenSince !== undefined ? item : { ...item, brokenSince: change.brokenSince };
}
