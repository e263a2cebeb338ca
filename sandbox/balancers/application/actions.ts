import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, notSupported } from '#sandbox/core/errors.ts';
import type { Route } from '../engine/listener.ts';
import { type ApplicationState, balancersOf, forwardedTo } from './state.ts';

/** Refuses actions that AWS would refuse, and says of those that only the sandbox lacks that it lacks them. */
export function validateActions(actions: Action[] = [], balancerArn: string, state: ApplicationState): void {
  if (actions.length !== 1) {
    throw new AwsError('ValidationError', 'Exactly one action that routes the request must be specified');
  }
  for (const { Type, FixedResponseConfig } of actions) {
    if (Type !== 'forward' && Type !== 'fixed-response')
      throw notSupported(`listener actions of type '${Type}'`);
    if (Type === 'fixed-response' && !/^[245]\d\d$/.test(FixedResponseConfig?.StatusCode ?? '')) {
      throw new AwsError('ValidationError', 'The status code of a fixed response must be 2XX, 4XX or 5XX');
    }
    if (Type === 'forward' && forwardedTo(actions).length === 0) {
      throw new AwsError('ValidationError', 'A target group must be specified for an action of type forward');
    }
  }
  for (const arn of forwardedTo(actions)) {
    state.findTargetGroup(arn);
    if (balancersOf(state, arn).some((other) => other !== balancerArn)) {
      throw new AwsError(
        'TargetGroupAssociationLimit',
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
    }
  }
}

/** What the actions come to for one request. Several target groups get requests by weight. */
export function routeOf(actions: Action[], state: ApplicationState): Route {
  const [action] = actions;
  if (action?.Type === 'fixed-response') {
    const { StatusCode, ContentType, MessageBody } = action.FixedResponseConfig ?? {};
    return {
      kind: 'fixed',
      statusCode: Number(StatusCode),
      contentType: ContentType ?? 'text/plain',
      body: MessageBody ?? '',
    };
  }
  const groups = action?.ForwardConfig?.TargetGroups ?? [
    { TargetGroupArn: action?.TargetGroupArn, Weight: 1 },
  ];
  const total = groups.reduce((sum, group) => sum + (group.Weight ?? 1), 0);
  let left = groups.length > 1 ? state.context.random.next() * total : 0;
  const chosen = groups.find((group) => {
    left -= group.Weight ?? 1;
    return left < 0;
  });
  return { kind: 'forward', pool: state.targetGroups.get(chosen?.TargetGroupArn ?? '')?.pool };
}
