import type {
  HealthCheck as HealthCheckShape,
  Listener as ListenerShape,
} from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Listener } from '../engine/listener.ts';
import type { Pool } from '../engine/pool.ts';
import type { BalancersContext } from '../options.ts';

/** A Classic Load Balancer with what it really holds: bound ports and the instances behind them. */
export interface ClassicBalancer {
  name: string;
  createdTime: Date;
  scheme: string;
  subnets: string[];
  availabilityZones: string[];
  securityGroups: string[];
  healthCheck: Required<HealthCheckShape>;
  connectionDraining: { Enabled: boolean; Timeout: number };
  idleTimeoutSeconds: number;
  crossZone: boolean;
  listeners: Map<number, { shape: ListenerShape; open: Listener }>;
  tags: Map<string, string>;
  pool: Pool;
}

export interface ClassicState {
  context: BalancersContext;
  balancers: Map<string, ClassicBalancer>;
  /** The balancer of that name, or LoadBalancerNotFound. */
  find(name: string | undefined): ClassicBalancer;
}

export function createClassicState(context: BalancersContext): ClassicState {
  const balancers = new Map<string, ClassicBalancer>();
  return {
    context,
    balancers,
    find(name) {
      const balancer = balancers.get(name ?? '');
      if (balancer) return balancer;
      throw new AwsError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
    },
  };
}
