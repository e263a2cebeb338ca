import type {
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
} from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import { describeVersion } from '../configuration.ts';
import type { LambdaState } from '../state.ts';

export function getFunction({ store }: LambdaState): Operation<GetFunctionRequest, GetFunctionResponse> {
  return (input) => {
    const { record, version } = store.version(input.FunctionName ?? '', input.Qualifier);
    return {
      Configuration: describeVersion(version, input.Qualifier !== undefined),
      Tags: record.tags,
      ...(record.reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
    };
  };
}

export function getFunctionConfiguration({
  store,
}: LambdaState): Operation<GetFunctionConfigurationRequest, FunctionConfiguration> {
  return (input) => {
    const { version } = store.version(input.FunctionName ?? '', input.Qualifier);
    return describeVersion(version, input.Qualifier !== undefined);
  };
}
