import { isIPv4 } from 'node:net';
import type {
  DeregisterTargetsInput,
  DeregisterTargetsOutput,
  RegisterTargetsInput,
  RegisterTargetsOutput,
  TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '#sandbox/core/errors.ts';
import type { Target } from '../../engine/member.ts';
import type { ApplicationState, TargetGroup } from '../state.ts';

/** A target without a port is one at the group's own port. */
export function targetOf(description: TargetDescription, group: TargetGroup): Target {
  return { id: description.Id ?? '', port: description.Port ?? group.shape.Port ?? 0 };
}

export function registerTargets(state: ApplicationState) {
  return (input: RegisterTargetsInput): RegisterTargetsOutput => {
    const group = state.findTargetGroup(input.TargetGroupArn);
    for (const { Id = '' } of input.Targets ?? []) requireFitting(Id, group);
    for (const description of input.Targets ?? []) group.pool.register(targetOf(description, group));
    return {};
  };
}

/** Answers at once; "If the specified target does not exist, the action returns successfully." */
export function deregisterTargets(state: ApplicationState) {
  return (input: DeregisterTargetsInput): DeregisterTargetsOutput => {
    const group = state.findTargetGroup(input.TargetGroupArn);
    for (const description of input.Targets ?? []) void group.pool.deregister(targetOf(description, group));
    return {};
  };
}

function requireFitting(id: string, group: TargetGroup): void {
  const byInstance = group.shape.TargetType === 'instance';
  if (byInstance ? /^i-[0-9a-f]+$/.test(id) : isIPv4(id)) return;
  throw new AwsError(
    byInstance ? 'InvalidTarget' : 'ValidationError',
    byInstance
      ? `The instance ID '${id}' is not valid`
      : `The IP address '${id}' is not a valid IPv4 address`,
  );
}
