import type { ServiceItem } from './claim.ts';
import { activeFreeze } from './freeze.ts';
import type { ServiceObservation } from './rollout.ts';
import type { ServiceSettings } from './settings.ts';

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

/** What GET /services/{service} answers. Times are ISO 8601; tokens and documents stay inside. */
export function describeService(
  settings: ServiceSettings,
  observed: ServiceObservation | undefined,
  item: ServiceItem,
  now: number,
) {
  const { claim, waiter, lastKnownGood } = item;
  const freeze = activeFreeze(item, now);
  return {
    service: item.service,
    cluster: settings.cluster,
    ecsService: settings.service,
    running:
      observed === undefined
        ? null
        : {
            taskDefinition: observed.taskDefinition,
            desiredCount: observed.desiredCount,
            runningCount: observed.runningCount,
            deployments: observed.deployments,
          },
    claim:
      claim === undefined
        ? null
        : { deployment: claim.deployment, execution: claim.owner, since: instant(claim.since) },
    waiter:
      waiter === undefined
        ? null
        : { deployment: waiter.deployment, execution: waiter.owner, since: instant(waiter.since) },
    freeze:
      freeze === undefined
        ? null
        : {
            reason: freeze.reason,
            by: freeze.by,
            until: freeze.until === undefined ? null : instant(freeze.until),
          },
    lastKnownGood: lastKnownGood === undefined ? null : { ...lastKnownGood, at: instant(lastKnownGood.at) },
  };
}
