import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import { invalid, mergeSettings } from '../settings.ts';
import type { LambdaState } from '../state.ts';

export function updateFunctionConfiguration({
  context,
  needs,
  store,
  pool,
}: LambdaState): Operation<UpdateFunctionConfigurationRequest, FunctionConfiguration> {
  return (input) => {
    const record = store.get(input.FunctionName ?? '');
    const settings = mergeSettings(record.latest.settings, input);
    if (!needs.iam.roleExists(settings.role))
      throw invalid('The role defined for the function cannot be assumed by Lambda.');
    record.latest = {
      ...record.latest,
      settings,
      lastModified: context.clock.now(),
      revisionId: context.random.uuid(),
    };
    pool.retire(record.name);
    return describeVersion(record.latest);
  };
}
