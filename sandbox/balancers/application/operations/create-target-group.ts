import type {
  CreateTargetGroupInput,
  CreateTargetGroupOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arn } from '#sandbox/core/arn.ts';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import { createPool } from '../../engine/pool.ts';
import { probe } from '../../engine/probe.ts';
import { mergeTags } from '../../tags.ts';
import { defaultHealthCheck, healthCheckOf, toProbe, validateHealthCheck } from '../health-check.ts';
import type { ApplicationState, TargetGroup } from '../state.ts';
import { describeGroup } from './describe-target-groups.ts';

export function createTargetGroup(state: ApplicationState) {
  return (input: CreateTargetGroupInput): CreateTargetGroupOutput => {
    validate(input);
    const check = { ...defaultHealthCheck(state.context.options), ...healthCheckOf(input) };
    validateHealthCheck(check, state.context.options);
    const known = [...state.targetGroups.values()].find(
      (group) => group.shape.TargetGroupName === input.Name,
    );
    if (known) return repeated(known, input, state);
    const group = build(state, {
      ...check,
      TargetGroupArn: arn(
        state.context,
        'elasticloadbalancing',
        `targetgroup/${input.Name}/${state.context.random.hex(16)}`,
      ),
      TargetGroupName: input.Name ?? '',
      Protocol: 'HTTP',
      ProtocolVersion: 'HTTP1',
      Port: input.Port,
      VpcId: input.VpcId,
      TargetType: input.TargetType ?? 'instance',
      IpAddressType: 'ipv4',
    });
    mergeTags(group.tags, input.Tags);
    state.targetGroups.set(group.shape.TargetGroupArn, group);
    return { TargetGroups: [describeGroup(group, state)] };
  };
}

function validate(input: CreateTargetGroupInput): void {
  const type = input.TargetType ?? 'instance';
  if (type !== 'instance' && type !== 'ip') throw notSupported(`target groups of type '${type}'`);
  if (input.Protocol !== 'HTTP') throw notSupported(`target groups with protocol '${input.Protocol}'`);
  if (input.ProtocolVersion && input.ProtocolVersion !== 'HTTP1') {
    throw notSupported(`target groups with protocol version '${input.ProtocolVersion}'`);
  }
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(input.Name ?? '')) {
    throw new AwsError(
      'ValidationError',
      `Target group name '${input.Name}' can only contain characters that are alphanumeric characters or hyphens(-), must not begin or end with a hyphen, and cannot be longer than '32' characters`,
    );
  }
  if (!((input.Port ?? 0) >= 1 && (input.Port ?? 0) <= 65535)) {
    throw new AwsError('ValidationError', 'A port must be specified');
  }
  if (!input.VpcId) throw new AwsError('ValidationError', 'A VPC ID must be specified');
}

function repeated(known: TargetGroup, input: CreateTargetGroupInput, state: ApplicationState) {
  const asked = { ...healthCheckOf(input), Port: input.Port, TargetType: input.TargetType ?? 'instance' };
  const same = Object.entries(asked).every(
    ([key, value]) => JSON.stringify(known.shape[key as keyof typeof known.shape]) === JSON.stringify(value),
  );
  if (same) return { TargetGroups: [describeGroup(known, state)] };
  throw new AwsError(
    'DuplicateTargetGroupName',
    `A target group with the same name '${input.Name}' exists, but with different settings`,
  );
}

function build(state: ApplicationState, shape: TargetGroup['shape']): TargetGroup {
  const { clock, network, options } = state.context;
  const group: TargetGroup = {
    shape,
    deregistrationDelaySeconds: options.defaults?.deregistrationDelaySeconds ?? 300,
    slowStartSeconds: 0,
    tags: new Map(),
    pool: createPool({
      clock,
      network,
      check: () => toProbe(group.shape),
      probe: options.probe ?? probe,
      oneSuccessIsEnoughAtFirst: true,
      failOpen: true,
      keyOf: (target) => `${target.id}:${target.port}`,
      drainSeconds: () => group.deregistrationDelaySeconds,
      onCheck: ({ target, health }) => options.onHealthCheck?.({ ref: shape.TargetGroupArn, target, health }),
    }),
  };
  return group;
}
