import type {
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';
import { AwsError } from '#sandbox/core/errors.ts';
import { isPublishable } from '#sandbox/core/publish.ts';
import type { Operation } from '#sandbox/core/service.ts';
import { parsePath } from '../delivery/json-path.ts';
import { isSupportedTarget } from '../delivery/send.ts';
import type { EventsState } from '../state.ts';

/** A rule has at most five targets ("EventBridge quotas"). */
const TARGETS_PER_RULE = 5;

export function putTargets({ store }: EventsState): Operation<PutTargetsRequest, PutTargetsResponse> {
  return (input) => {
    const rule = store.rule(input.Rule, input.EventBusName);
    const targets = input.Targets ?? [];
    for (const target of targets) checkTarget(target);
    const ids = new Set([...rule.targets.keys(), ...targets.map(({ Id = '' }) => Id)]);
    if (ids.size > TARGETS_PER_RULE) {
      throw new AwsError(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    for (const target of targets) rule.targets.set(target.Id ?? '', target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  };
}

function checkTarget(target: Target): void {
  if (!isSupportedTarget(target.Arn))
    throw invalid(`This sandbox does not support targets such as ${target.Arn}`);
  const queue = target.DeadLetterConfig?.Arn;
  if (queue !== undefined && !isPublishable(queue)) throw invalid(`Not a queue: ${queue}`);
  const inputs = [target.Input, target.InputPath, target.InputTransformer].filter(
    (input) => input !== undefined,
  );
  if (inputs.length > 1) throw invalid('Only one of Input, InputPath, or InputTransformer must be provided');
  for (const path of [
    target.InputPath ?? '$',
    ...Object.values(target.InputTransformer?.InputPathsMap ?? {}),
  ])
    parsePath(path);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function removeTargets({
  store,
}: EventsState): Operation<RemoveTargetsRequest, RemoveTargetsResponse> {
  return (input) => {
    const rule = store.rule(input.Rule, input.EventBusName);
    for (const id of input.Ids ?? []) rule.targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  };
}

export function listTargetsByRule({
  store,
}: EventsState): Operation<ListTargetsByRuleRequest, ListTargetsByRuleResponse> {
  return (input) => ({ Targets: [...store.rule(input.Rule, input.EventBusName).targets.values()] });
}

export function listRuleNamesByTarget({
  store,
}: EventsState): Operation<ListRuleNamesByTargetRequest, ListRuleNamesByTargetResponse> {
  return (input) => {
    const rules = [...store.bus(input.EventBusName).rules.values()];
    const targeting = rules.filter(({ targets }) =>
      [...targets.values()].some(({ Arn }) => Arn === input.TargetArn),
    );
    return { RuleNames: targeting.map(({ name }) => name).sort() };
  };
}
