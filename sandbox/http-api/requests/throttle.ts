import type { Clock } from '#sandbox/core/clock.ts';
import type { Route, Stage } from '../api-store.ts';

/** A token bucket for each route of a stage that declares a limit: burst is its size, rate its refill a second. */
export class Throttle {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token; false where there is none left. */
  admits(apiId: string, stage: Stage, route: Route): boolean {
    const settings = { ...stage.defaultRouteSettings, ...stage.routeSettings[route.routeKey] };
    const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate } = settings;
    if (burst === undefined && rate === undefined) return true;
    const size = burst ?? rate ?? 0;
    const key = `${apiId}/${stage.stageName}/${route.routeKey}`;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: size, at: now };
    const tokens = Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * (rate ?? size));
    const admitted = tokens >= 1;
    this.#buckets.set(key, { tokens: admitted ? tokens - 1 : tokens, at: now });
    return admitted;
  }
}
