import type { LastKnownGood } from '#lib/deployment/document.ts';
import type { ServiceItem } from './service-item.ts';

/** So many releases of before are remembered with the service; older ones can be named by their deployment. */
const MOST = 5;

type Remembering = Pick<ServiceItem, 'lastKnownGood' | 'previousGood'>;

/** The releases that are remembered to have been live, newest first. */
export const rememberedOf = ({ lastKnownGood, previousGood = [] }: Remembering): LastKnownGood[] =>
  lastKnownGood === undefined ? previousGood : [lastKnownGood, ...previousGood];

/**
 * What was live before the release that goes live now, newest first. Who goes back to one of them has left behind all
 * that came after it: the next rollback goes further back, not to what was just found wanting.
 */
export function previousGoodOf(before: Remembering, live: LastKnownGood): LastKnownGood[] {
  const releases = rememberedOf(before);
  const back = releases.findIndex((each) => each.taskDefinition === live.taskDefinition);
  return releases.slice(back + 1).slice(0, MOST);
}
