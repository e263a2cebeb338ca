import type { HostNetwork } from '#sandbox/core/network.ts';
import type { SandboxContext, ServiceDefinition } from '#sandbox/core/service.ts';
import { applicationDefinition } from './application/definition.ts';
import { createApplicationState } from './application/state.ts';
import { classicDefinition } from './classic/definition.ts';
import { createClassicState } from './classic/state.ts';
import type { HealthState } from './engine/health.ts';
import type { Target } from './engine/member.ts';
import type { Pool } from './engine/pool.ts';
import type { BalancersOptions } from './options.ts';

export type { HealthState } from './engine/health.ts';
export type { Target } from './engine/member.ts';
export type { BalancersOptions } from './options.ts';

/** A target group of an Application Load Balancer, or a Classic Load Balancer. */
export type BalancerRef = { targetGroupArn: string } | { loadBalancerName: string };

/** Elastic Load Balancing, both generations, on one engine of real proxies and real health checks. */
export interface Balancers {
  /** Both sign as `elasticloadbalancing`; the request's API version tells them apart. */
  definitions: ServiceDefinition[];
  /** Adds a target; one that is there already stays as it is. Classic: the instance, whatever the port. */
  register(ref: BalancerRef, target: Target): void;
  /** Resolves when nothing is in flight to the target any more, or its deregistration delay is over. */
  deregister(ref: BalancerRef, target: Target): Promise<void>;
  /** `unused` also for a target that is not registered. Classic: InService is `healthy`. */
  health(ref: BalancerRef, target: Target): HealthState;
  exists(ref: BalancerRef): boolean;
  close(): Promise<void>;
}

export function createBalancers(
  sandbox: SandboxContext,
  needs: { network: HostNetwork },
  options: BalancersOptions = {},
): Balancers {
  const context = { ...sandbox, network: needs.network, options };
  const classic = createClassicState(context);
  const application = createApplicationState(context);

  const poolOf = (ref: BalancerRef): Pool | undefined =>
    'targetGroupArn' in ref
      ? application.targetGroups.get(ref.targetGroupArn)?.pool
      : classic.balancers.get(ref.loadBalancerName)?.pool;

  return {
    definitions: [classicDefinition(classic), applicationDefinition(application)],

    register(ref, target) {
      const pool =
        'targetGroupArn' in ref
          ? application.findTargetGroup(ref.targetGroupArn).pool
          : classic.find(ref.loadBalancerName).pool;
      pool.register(target);
    },

    deregister: async (ref, target) => poolOf(ref)?.deregister(target),
    health: (ref, target) => poolOf(ref)?.find(target)?.health.state ?? 'unused',
    exists: (ref) => poolOf(ref) !== undefined,

    async close() {
      const open = [
        ...[...application.listeners.values()].map((listener) => listener.open),
        ...[...classic.balancers.values()].flatMap((balancer) =>
          [...balancer.listeners.values()].map((listener) => listener.open),
        ),
      ];
      for (const pool of [...application.targetGroups.values(), ...classic.balancers.values()])
        pool.pool.close();
      await Promise.all(open.map((listener) => listener.close()));
    },
  };
}
