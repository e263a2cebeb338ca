import type {
  DeleteRetentionPolicyRequest,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { invalidParameter } from '../errors.ts';
import type { LogStore } from '../store.ts';

/** The values that PutRetentionPolicy takes. */
const days = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function putRetentionPolicy(store: LogStore) {
  return (input: PutRetentionPolicyRequest): Record<string, never> => {
    const group = store.findGroup(input.logGroupName);
    if (!days.includes(input.retentionInDays ?? 0)) {
      throw invalidParameter(
        `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must be one of [${days.join(', ')}]`,
      );
    }
    group.retentionInDays = input.retentionInDays;
    return {};
  };
}

export function deleteRetentionPolicy(store: LogStore) {
  return (input: DeleteRetentionPolicyRequest): Record<string, never> => {
    store.findGroup(input.logGroupName).retentionInDays = undefined;
    return {};
  };
}
