import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { isTouched, leftOf } from './what-is-left.ts';

/** How a deployment that did not go live leaves its service: not well since then, or led back by then. */
export type Aftermath = { brokenSince: number } | { restoredAt: number };

/**
 * How this deployment leaves the service, which is over at `at`: broken since its update, or led back by then; undefined
 * where it has not changed it, or what runs is another's.
 */
export function aftermathOf(document: DeploymentDocument, at: number): Aftermath | undefined {
  if (!isTouched(document)) return undefined;
  const left = leftOf(document);
  if (left === 'ROLLED_BACK') return { restoredAt: at };
  // Of an update whose answer never came only its end is known.
  return left === 'CHANGED' ? { brokenSince: document.rollout?.startedAt ?? at } : undefined;
}

/**
 * The item of a service after a failed change. It stays broken since the first one that left it so, until it has been led
 * back or a release has gone live. Ends are told late and twice: what has gone live, or broken it, since matters more.
 */
export function withAftermath(item: ServiceItem, aftermath: Aftermath | undefined): ServiceItem {
  if (aftermath === undefined) return item;
  const { brokenSince, ...well } = item;
  if ('restoredAt' in aftermath)
    return brokenSince === undefined || brokenSince > aftermath.restoredAt ? item : well;
  const isMended = (item.lastKnownGood?.at ?? 0) > aftermath.brokenSince;
  return isMended || brokenSince !== undefined ? item : { ...item, brokenSince: aftermath.brokenSince };
}
