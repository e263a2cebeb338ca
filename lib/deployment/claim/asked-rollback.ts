import type { DeploymentDocument } from '#lib/deployment/document.ts';
import type { AskedRollback, ServiceItem, Waiter } from './service-item.ts';

/**
 * A rollback by hand is no push. Release 4 is bad, two people call `rollback` within seconds, and build 5, begun before,
 * finishes meanwhile: release 3 has to be live in the end. So what "back" means is fixed when it is asked for, a second
 * request for it joins the first, nothing takes its place in the queue, and builds begun before do not undo it.
 */

/** Milliseconds in which an execution that was started comes to ask for its claim. */
const ASKS_WITHIN = 60_000;

/** The rollback that is starting, queued or under way; undefined where none is. */
export function pendingRollbackOf(
  { rollback, claim, waiter }: ServiceItem,
  now: number,
): AskedRollback | undefined {
  if (rollback === undefined || rollback.isLive) return undefined;
  const isSeen = [claim, waiter].some((each) => each?.deployment === rollback.deployment);
  return isSeen || now - rollback.at < ASKS_WITHIN ? rollback : undefined;
}

export const isRollback = ({ trigger }: Pick<DeploymentDocument, 'trigger'>) => trigger.kind === 'rollback';

/** Whether what waits is a rollback, whose place only another rollback may take. */
export const isRollbackWaiting = (waiter: Waiter | undefined) =>
  waiter !== undefined && isRollback(waiter.document);

/** The rollback that supersedes builds that began before it was asked for: one that is pending, or went live. */
export const supersedingRollbackOf = (item: ServiceItem, now: number): AskedRollback | undefined =>
  item.rollback?.isLive ? item.rollback : pendingRollbackOf(item, now);

/** The item once this deployment is over. A rollback that did not go live supersedes nothing. */
export function withRollbackEnded(item: ServiceItem, deployment: string, isLive: boolean): ServiceItem {
  const { rollback } = item;
  if (rollback?.deployment !== deployment || rollback.isLive) return item;
  return { ...item, rollback: isLive ? { ...rollback, isLive } : undefined };
}
