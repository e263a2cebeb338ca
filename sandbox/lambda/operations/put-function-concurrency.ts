import type {
  Concurrency,
  GetFunctionConcurrencyRequest,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda';
import type { Operation } from '#sandbox/core/service.ts';
import type { LambdaState } from '../state.ts';

export function putFunctionConcurrency({
  store,
}: LambdaState): Operation<PutFunctionConcurrencyRequest, Concurrency> {
  return (input) => {
    store.get(input.FunctionName ?? '').reservedConcurrency = input.ReservedConcurrentExecutions;
    return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
  };
}

export function getFunctionConcurrency({
  store,
}: LambdaState): Operation<GetFunctionConcurrencyRequest, Concurrency> {
  return (input) => {
    const { reservedConcurrency } = store.get(input.FunctionName ?? '');
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  };
}
