import type { ServiceOptions } from './services.ts';

/**
 * AWS's waits, shortened for people: what takes a minute there takes a second here. Order and meaning stay; only the
 * waiting goes. The real values are each service's defaults.
 */
export const quickDurations: ServiceOptions = {
  ecs: {
    tickMilliseconds: 150,
    steadyTickMilliseconds: 500,
    provisioningMilliseconds: 100,
    pullMilliseconds: 50,
    deprovisioningMilliseconds: 100,
    healthyAfterMilliseconds: 500,
    restartMilliseconds: 500,
    throttleMilliseconds: 2_000,
    throttleMaximumMilliseconds: 10_000,
    placementRetryMilliseconds: 2_000,
    stopTimeoutMilliseconds: 5_000,
  },
  balancers: {
    minimumIntervalSeconds: 1,
    defaults: { intervalSeconds: 1, timeoutSeconds: 1, deregistrationDelaySeconds: 2 },
  },
};
