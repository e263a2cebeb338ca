import type { ServiceItem } from '#lib/deployment/claim/service-item.ts';
import type { DeploymentDocument } from '#lib/deployment/document.ts';
import { serviceOutcomeOf } from './service-outcome-of.ts';
import { isTouched } from './touched.ts';

/**
 * What a deployment that did not go live changes about `brokenSince`: the service is broken since then, or restored by
 * then.
 */
export type BrokenSinceChange = { brokenSince: number } | { restoredAt: number };

/**
 * What a deployment that ended at `at` changes: broken since its update, or restored by then. Undefined where it has
 * not changed the service, or where another deployment runs.
 */
export function brokenSinceChangeOf(document: DeploymentDocument, at: number): BrokenSinceChange | undefined {
  if (!isTouched(document)) return undefined;
  const serviceOutcome = serviceOutcomeOf(document);
  if (serviceOutcome === 'ROLLED_BACK') return { restoredAt: at };
  // Of an update whose answer never came only its end is known.
  return serviceOutcome === 'CHANGED' ? { brokenSince: document.rollout?.startedAt ?? at } : undefined;
}

/**
 * The service's item with that change. The first failed change counts, until a rollback or a release that goes live.
 * Events arrive late and twice: a release that went live since, or a change that failed before, stands.
 */
export function withBrokenSinceChange(item: ServiceItem, change: BrokenSinceChange | undefined): ServiceItem {
  if (change === undefined) return item;
  const { brokenSince, ...well } = item;
  if ('restoredAt' in change)
    return brokenSince === undefined || brokenSince > change.restoredAt ? item : well;
  const isMended = (item.lastKnownGood?.at ?? 0) > change.brokenSince;
  return isMended || brokenSince !== undefined ? item : { ...item, brokenSince: change.brokenSince };
}
