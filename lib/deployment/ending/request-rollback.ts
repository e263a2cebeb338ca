import { pendingRollbackOf } from '#lib/deployment/claim/asked-rollback.ts';
import { type Freeze, refuseFrozen } from '#lib/deployment/claim/freeze.ts';
import type { AskedRollback, ServiceItem } from '#lib/deployment/claim/service-item.ts';
import { chooseRollbackTarget, type RollbackTarget, refuseSchemaAhead } from './rollback.ts';

/** What somebody asks for: to go back, to a release that they named or to the one before. */
export interface RollbackAsked {
  deployment: string;
  named: RollbackTarget | undefined;
  force: boolean;
  /** The service is to be frozen in the same moment. */
  freeze: Freeze | undefined;
}

export type RollbackDecision =
  | { item: ServiceItem; joins: AskedRollback; target?: undefined }
  | { item: ServiceItem; target: RollbackTarget; joins?: undefined };

/**
 * Fixes what "back" means at the moment it is asked for, and keeps it on the service's item. Who asks for a way back that
 * is pending joins it: two people in one incident mean the same. `running` is the revision that ECS shows.
 * Fails with ServiceFrozen, NothingToRollBackTo and SchemaAhead.
 */
export function requestRollback(
  before: ServiceItem,
  { deployment, named, force, freeze }: RollbackAsked,
  running: string | undefined,
  now: number,
): RollbackDecision {
  if (!force) refuseFrozen(before, now);
  const item = freeze === undefined ? before : { ...before, freeze };
  const pending = pendingRollbackOf(before, now);
  const isSame = named === undefined || named.taskDefinition === pending?.taskDefinition;
  if (pending !== undefined && pending.deployment !== deployment && isSame) return { item, joins: pending };
  const target = named ?? chooseRollbackTarget(before, running);
  if (!force) refuseSchemaAhead(before, target);
  const rollback = { deployment, taskDefinition: target.taskDefinition, at: now };
  return { item: { ...item, rollback }, target };
}
