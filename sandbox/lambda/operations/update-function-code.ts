import type { FunctionConfiguration, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import type { LambdaState } from '../state.ts';
import { readCode } from './read-code.ts';

export function updateFunctionCode(
  state: LambdaState,
): Operation<UpdateFunctionCodeRequest, FunctionConfiguration> {
  return async (input) => {
    const record = state.store.get(input.FunctionName ?? '');
    const code = await readCode(state, input);
    const { context } = state;
    record.latest = {
      ...record.latest,
      code,
      lastModified: context.clock.now(),
      revisionId: context.random.uuid(),
    };
    state.pool.retire(record.name);
    return describeVersion(record.latest);
  };
}
