import type { Ecs, ServiceRecord } from '../state.ts';
import { look } from './look.ts';

/** Has the scheduler look at a service within `milliseconds`, or when it was going to, if that is sooner. */
export function poke(ecs: Ecs, service: ServiceRecord, milliseconds: number): void {
  const { clock } = ecs.context;
  if (ecs.closing.signal.aborted || service.status === 'INACTIVE') return;
  const at = clock.now() + milliseconds;
  if (service.timer !== undefined && (service.nextLookAt ?? 0) <= at) return;
  clock.clearTimeout(service.timer);
  service.nextLookAt = at;
  service.timer = clock.setTimeout(() => {
    service.timer = undefined;
    look(ecs, service);
    const { tickMilliseconds, steadyTickMilliseconds } = ecs.options;
    poke(ecs, service, service.steadySince === undefined ? tickMilliseconds : steadyTickMilliseconds);
  }, milliseconds);
}
