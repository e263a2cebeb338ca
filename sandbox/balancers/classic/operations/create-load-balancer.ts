import type { CreateAccessPointInput, CreateAccessPointOutput } from '@aws-sdk/client-elastic-load-balancing';
import { AwsError } from '#sandbox/core/errors.ts';
import { createPool } from '../../engine/pool.ts';
import { probe } from '../../engine/probe.ts';
import { mergeTags } from '../../tags.ts';
import { defaultHealthCheck, toProbe } from '../health-check.ts';
import { openListeners } from '../listeners.ts';
import type { ClassicBalancer, ClassicState } from '../state.ts';

/**
 * Creates the load balancer and binds its ports. Its DNS name is the loopback address itself, so that
 * `http://DNSName:port/` is reachable on every system: names under .localhost do not resolve everywhere.
 */
export function createLoadBalancer(state: ClassicState) {
  return async (input: CreateAccessPointInput): Promise<CreateAccessPointOutput> => {
    const name = input.LoadBalancerName ?? '';
    validate(input, name);
    const known = state.balancers.get(name);
    if (known) return repeated(known, input);
    const balancer = build(state, name, input);
    mergeTags(balancer.tags, input.Tags);
    // The name is taken before the first await, so that two creations at once cannot both have it.
    state.balancers.set(name, balancer);
    try {
      await openListeners(balancer, input.Listeners ?? [], state.context);
    } catch (error) {
      state.balancers.delete(name);
      throw error;
    }
    balancer.pool.setInUse(true);
    return { DNSName: '127.0.0.1' };
  };
}

function validate(input: CreateAccessPointInput, name: string): void {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name)) {
    throw new AwsError(
      'ValidationError',
      'LoadBalancerName must contain only alphanumeric characters and hyphens, must not begin or end with a hyphen, and must be at most 32 characters long',
    );
  }
  if (!input.Listeners?.length) {
    throw new AwsError('ValidationError', 'At least one Listener is required');
  }
  if (!input.Subnets?.length && !input.AvailabilityZones?.length) {
    throw new AwsError('ValidationError', 'Either AvailabilityZones or SubnetIds must be specified');
  }
}

/** The same request again is answered as the first one was; any other under that name is an error. */
function repeated(known: ClassicBalancer, input: CreateAccessPointInput): CreateAccessPointOutput {
  const same =
    (input.Listeners ?? []).length === known.listeners.size &&
    (input.Listeners ?? []).every((listener) => {
      const { shape } = known.listeners.get(Number(listener.LoadBalancerPort)) ?? {};
      return (
        shape?.InstancePort === Number(listener.InstancePort) &&
        shape?.Protocol === listener.Protocol?.toUpperCase()
      );
    });
  if (same) return { DNSName: '127.0.0.1' };
  throw new AwsError(
    'DuplicateLoadBalancerName',
    `A Load Balancer named '${known.name}' already exists and it is configured with different parameters`,
  );
}

function build(state: ClassicState, name: string, input: CreateAccessPointInput): ClassicBalancer {
  const { context } = state;
  const delay = context.options.defaults?.deregistrationDelaySeconds;
  const balancer: ClassicBalancer = {
    name,
    createdTime: new Date(context.clock.now()),
    scheme: input.Scheme ?? 'internet-facing',
    subnets: input.Subnets ?? [],
    availabilityZones: input.AvailabilityZones ?? [],
    securityGroups: input.SecurityGroups ?? [],
    healthCheck: defaultHealthCheck(Number(input.Listeners?.[0]?.InstancePort), context.options),
    // Off unless asked for, as with the API and the CLI (the console switches it on).
    connectionDraining: { Enabled: delay !== undefined, Timeout: delay ?? 300 },
    idleTimeoutSeconds: 60,
    crossZone: false,
    listeners: new Map(),
    tags: new Map(),
    pool: createPool({
      clock: context.clock,
      network: context.network,
      check: () => toProbe(balancer.healthCheck),
      probe: context.options.probe ?? probe,
      oneSuccessIsEnoughAtFirst: false,
      failOpen: false,
      keyOf: (target) => target.id,
      drainSeconds: () => (balancer.connectionDraining.Enabled ? balancer.connectionDraining.Timeout : 0),
      onCheck: ({ target, health }) => context.options.onHealthCheck?.({ ref: name, target, health }),
    }),
  };
  return balancer;
}
