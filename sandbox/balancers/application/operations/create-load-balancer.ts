import type {
  CreateLoadBalancerInput,
  CreateLoadBalancerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { mergeTags } from '../../tags.ts';
import type { ApplicationBalancer, ApplicationState } from '../state.ts';
import { describeBalancer } from './describe-load-balancers.ts';

export function createLoadBalancer(state: ApplicationState) {
  return (input: CreateLoadBalancerInput): CreateLoadBalancerOutput => {
    const name = input.Name ?? '';
    const subnets = input.Subnets ?? (input.SubnetMappings ?? []).map((mapping) => mapping.SubnetId ?? '');
    validate(input, name, subnets);
    const known = [...state.balancers.values()].find((balancer) => balancer.name === name);
    if (known) return repeated(known, input, subnets, state);
    const id = state.context.random.hex(16);
    const balancer: ApplicationBalancer = {
      arn: arn(state.context, 'elasticloadbalancing', `loadbalancer/app/${name}/${id}`),
      name,
      createdTime: new Date(state.context.clock.now()),
      scheme: input.Scheme ?? 'internet-facing',
      subnets,
      securityGroups: input.SecurityGroups ?? [],
      idleTimeoutSeconds: 60,
      tags: new Map(),
    };
    mergeTags(balancer.tags, input.Tags);
    state.balancers.set(balancer.arn, balancer);
    return { LoadBalancers: [describeBalancer(balancer, state)] };
  };
}

function validate(input: CreateLoadBalancerInput, name: string, subnets: string[]): void {
  if (input.Type && input.Type !== 'application')
    throw notSupported(`load balancers of type '${input.Type}'`);
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name) || name.startsWith('internal-')) {
    throw new AwsError(
      'ValidationError',
      `The load balancer name '${name}' is not valid: 1 to 32 letters, digits and inner hyphens, not beginning with 'internal-'`,
    );
  }
  if (new Set(subnets).size < 2) {
    throw new AwsError(
      'ValidationError',
      'At least two subnets in two different Availability Zones must be specified',
    );
  }
}

function repeated(
  known: ApplicationBalancer,
  input: CreateLoadBalancerInput,
  subnets: string[],
  state: ApplicationState,
): CreateLoadBalancerOutput {
  const same =
    known.scheme === (input.Scheme ?? 'internet-facing') &&
    [...known.subnets].sort().join() === [...subnets].sort().join();
  if (same) return { LoadBalancers: [describeBalancer(known, state)] };
  throw new AwsError(
    'DuplicateLoadBalancerName',
    `A load balancer with the same name '${known.name}' exists, but with different settings`,
  );
}
